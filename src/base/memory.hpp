// How much memory there is to take.
#ifndef MUSCLEMAP_BASE_MEMORY_HPP_
#define MUSCLEMAP_BASE_MEMORY_HPP_

#include <cstddef>
#include <string>

namespace musclemap::base {

/// Bytes that the machine can give without swapping (MemAvailable); the largest std::size_t where that is not
/// known.
std::size_t available_memory();

/// `budget`, or available_memory() where that is 0.
std::size_t memory_limit(std::size_t budget);

/// Error `memory`, reason `limit`, where `bytes` are more than memory_limit(budget): "«who» need N bytes; the
/// memory limit is M", with `advice` behind it.
void check_memory(std::size_t bytes, std::size_t budget, const std::string& who,
                  const std::string& advice = {});

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_MEMORY_HPP_
