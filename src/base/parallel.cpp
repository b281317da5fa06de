#include "base/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "base/checked.hpp"
#include "musclemap/run.hpp"

namespace musclemap::base {

int resolve_threads(int requested) {
  constexpr int kMost = 1024;
  check_number(requested, 0, std::numeric_limits<std::int64_t>::max(), "threads");
  return requested == 0 ? available_threads() : std::min(requested, kMost);
}

void parallel_for(std::int64_t count, int threads, const std::function<void(std::int64_t)>& body) {
  std::atomic<std::int64_t> next{0};
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto work = [&] {
    for (;;) {
      const std::int64_t item = next.fetch_add(1);
      if (item >= count) return;
      try {
        body(item);
      } catch (...) {
        const std::lock_guard<std::mutex> lock(failure_mutex);
        if (!failure) failure = std::current_exception();
        next.store(count);
      }
    }
  };
  std::vector<std::thread> helpers;
  const std::int64_t wanted = std::min<std::int64_t>(threads, count);
  for (std::int64_t i = 1; i < wanted; ++i) {
    try {
      helpers.emplace_back(work);
    } catch (const std::system_error&) {
      break;  // the threads that started, at least this one, do all the work
    }
  }
  work();
  for (std::thread& helper : helpers) helper.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace musclemap::base
