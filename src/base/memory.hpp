// How much memory there is to take.
#ifndef MUSCLEMAP_BASE_MEMORY_HPP_
#define MUSCLEMAP_BASE_MEMORY_HPP_

#include <cstddef>

namespace musclemap::base {

/// Bytes that the machine can give without swapping (MemAvailable); the largest std::size_t where that is not
/// known.
std::size_t available_memory();

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_MEMORY_HPP_
