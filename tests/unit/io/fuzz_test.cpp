// Mutated files through the readers, for as long as MUSCLEMAP_FUZZ_SECONDS says: `./dev fuzz SECONDS`; and
// the same 200 of each kind, with bounds of time and memory.
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "unit/io/hostile_targets.hpp"

namespace musclemap {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

// Runs the target; an Error has to say something. @return whether it was refused
bool is_refused(const test::HostileTarget& target, test::Random& random) {
  try {
    target.run(random);
    return false;
  } catch (const Error& error) {
    if (std::string(error.what()).empty()) FAIL("an error without a message");
    return true;
  }
}

// MiB of this process at its largest so far.
double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

TEST_CASE("readers: mutated files are errors or values, never harm", "[io][fuzz]") {
  const char* asked = std::getenv("MUSCLEMAP_FUZZ_SECONDS");
  const Seconds length(asked == nullptr ? 1.0 : std::atof(asked));
  const std::uint64_t seed = asked == nullptr ? 1 : std::random_device()();
  test::Random random(seed);
  const test::TemporaryFolder folder;
  const std::vector<test::HostileTarget> targets = test::hostile_targets(folder);
  std::uint64_t files = 0;
  const auto began = Clock::now();
  while (Clock::now() - began < length) {
    CAPTURE(seed, files);
    is_refused(targets[files % targets.size()], random);
    ++files;
  }
  if (asked != nullptr) std::cout << files << " mutated files, seed " << seed << "\n";
  CHECK(files > 0);
}

TEST_CASE("readers: 200 mutated files of each kind end soon, in little memory", "[io][fuzz]") {
  constexpr int kFiles = 200;
  constexpr double kMostSeconds = 2;
  constexpr double kMostMib = 512;  // AddressSanitizer keeps 256 of what was freed
  const test::TemporaryFolder folder;
  const double before = peak_mib();
  for (const test::HostileTarget& target : test::hostile_targets(folder)) {
    int refused = 0;
    for (int file = 0; file < kFiles; ++file) {
      CAPTURE(target.name, file);
      test::Random random(static_cast<std::uint64_t>(file) + 1);
      const auto began = Clock::now();
      if (is_refused(target, random)) ++refused;
      const Seconds taken = Clock::now() - began;
      CHECK(taken.count() < kMostSeconds);
    }
    CAPTURE(target.name, refused);
    CHECK(refused > 0);
    CHECK(peak_mib() - before < kMostMib);
  }
}

}  // namespace
}  // namespace musclemap
