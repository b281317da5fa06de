// A loop over independent items on several threads.
#ifndef MUSCLEMAP_BASE_PARALLEL_HPP_
#define MUSCLEMAP_BASE_PARALLEL_HPP_

#include <cstdint>
#include <functional>

namespace musclemap::base {

/// `requested` where it is above 0, 1024 at most; available_threads() for 0. Error `argument` below.
int resolve_threads(int requested);

/// Calls body(item) for every item in [0, count), each once, on up to `threads` threads, the calling one
/// included. Which thread takes which item is not defined, so items must not depend on each other. The first
/// exception stops the rest and is rethrown here once all threads have ended.
void parallel_for(std::int64_t count, int threads, const std::function<void(std::int64_t)>& body);

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_PARALLEL_HPP_
