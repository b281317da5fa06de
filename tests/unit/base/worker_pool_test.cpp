#include "base/worker_pool.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include "support/catch.hpp"

namespace musclemap::base {
namespace {

TEST_CASE("worker pool: every item once, by workers that have a number", "[base]") {
  for (const int threads : {1, 2, 5}) {
    WorkerPool pool(threads);
    for (const std::int64_t count : {0, 1, 2, 100}) {
      for (int round = 0; round < 50; ++round) {
        std::vector<std::atomic<int>> taken(static_cast<std::size_t>(count));
        std::atomic<bool> numbered{true};
        pool.run(count, [&](std::int64_t item, int worker) {
          ++taken[static_cast<std::size_t>(item)];
          if (worker < 0 || worker >= threads) numbered = false;
        });
        for (const std::atomic<int>& times : taken) REQUIRE(times == 1);
        REQUIRE(numbered);
      }
    }
  }
}

TEST_CASE("worker pool: works again after a stop, and after workers slept", "[base]") {
  WorkerPool pool(3);
  for (int round = 0; round < 5; ++round) {
    std::atomic<int> sum{0};
    pool.run(10, [&](std::int64_t item, int) { sum += static_cast<int>(item); });
    CHECK(sum == 45);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));  // longer than workers look for work
    pool.run(10, [&](std::int64_t item, int) { sum += static_cast<int>(item); });
    CHECK(sum == 90);
    pool.stop();
  }
}

}  // namespace
}  // namespace musclemap::base
