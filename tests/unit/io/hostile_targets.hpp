// Every reader with files that are changed at random.
#ifndef MUSCLEMAP_TESTS_UNIT_IO_HOSTILE_TARGETS_HPP_
#define MUSCLEMAP_TESTS_UNIT_IO_HOSTILE_TARGETS_HPP_

#include <functional>
#include <string>
#include <vector>

#include "support/mutation.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap::test {

/// Reads one file that was changed at random: ends with a value or an Error.
struct HostileTarget {
  std::string name;
  std::function<void(Random&)> run;
};

/// The corpora are small, and made here or in tests/golden. `folder` takes the files and outlives the
/// targets.
std::vector<HostileTarget> hostile_targets(const TemporaryFolder& folder);

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_UNIT_IO_HOSTILE_TARGETS_HPP_
