// How long something took.
#ifndef MUSCLEMAP_TASK_SECONDS_HPP_
#define MUSCLEMAP_TASK_SECONDS_HPP_

#include <chrono>

namespace musclemap::task {

using Clock = std::chrono::steady_clock;

inline double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_SECONDS_HPP_
