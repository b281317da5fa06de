#include "base/parallel.hpp"

#include <atomic>
#include <stdexcept>
#include <vector>

#include "base/checked.hpp"
#include "support/catch.hpp"

namespace musclemap::base {
namespace {

TEST_CASE("parallel_for: every item is done once, whatever the number of threads", "[base]") {
  for (const int threads : {1, 2, 7}) {
    std::vector<std::atomic<int>> seen(1000);
    parallel_for(1000, threads, [&](std::int64_t item) { seen[static_cast<std::size_t>(item)]++; });
    for (const auto& count : seen) CHECK(count.load() == 1);
  }
}

TEST_CASE("parallel_for: the first exception reaches the caller and stops the rest", "[base]") {
  std::atomic<int> calls{0};
  CHECK_THROWS_AS(parallel_for(100000, 3,
                               [&](std::int64_t) {
                                 ++calls;
                                 throw std::runtime_error("stop");
                               }),
                  std::runtime_error);
  CHECK(calls.load() <= 3);
}

TEST_CASE("checked arithmetic: overflow and lossy conversion are errors", "[base]") {
  CHECK(checked_mul<std::int64_t>(1 << 30, 1 << 30) == std::int64_t{1} << 60);
  CHECK_THROWS_AS(checked_mul<std::int64_t>(std::int64_t{1} << 40, std::int64_t{1} << 40), Error);
  CHECK_THROWS_AS(checked_add<std::uint64_t>(~std::uint64_t{0}, 1), Error);
  CHECK_THROWS_AS((checked_cast<std::uint32_t>(std::int64_t{-1})), Error);
  CHECK(checked_cast<std::int16_t>(std::int64_t{-32768}) == -32768);
}

}  // namespace
}  // namespace musclemap::base
