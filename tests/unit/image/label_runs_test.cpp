#include "image/labels/label_runs.hpp"

#include <cstdint>
#include <random>
#include <vector>

#include "support/catch.hpp"

namespace musclemap::image {
namespace {

// Voxel by voxel, as plainly as it can be said.
template <class T>
std::vector<LabelRun> plain_runs(const std::vector<T>& row) {
  std::vector<LabelRun> runs;
  for (std::int64_t i = 0; i < std::int64_t(row.size()); ++i) {
    const T label = row[std::size_t(i)];
    if (label == 0) continue;
    if (i > 0 && row[std::size_t(i - 1)] == label) {
      ++runs.back().end;
    } else {
      runs.push_back({i, i + 1, std::int32_t(label)});
    }
  }
  return runs;
}

template <class T>
void check_runs(const std::vector<T>& row, std::int64_t step) {
  std::vector<T> apart(row.size() * std::size_t(step), T{77});
  for (std::size_t i = 0; i < row.size(); ++i) apart[i * std::size_t(step)] = row[i];
  const VoxelView<const T> view{apart.data(), {std::int64_t(row.size()), 1, 1}, {step, 1, 1}};
  std::vector<LabelRun> runs{{1, 2, 3}};
  find_runs(view, 0, 0, &runs);
  const std::vector<LabelRun> expected = plain_runs(row);
  REQUIRE(runs.size() == expected.size());
  for (std::size_t n = 0; n < runs.size(); ++n) {
    REQUIRE(runs[n].begin == expected[n].begin);
    REQUIRE(runs[n].end == expected[n].end);
    REQUIRE(runs[n].label == expected[n].label);
  }
}

// Labels that differ in the highest or the lowest bits alone; runs from one voxel to longer than a block.
template <class T>
void check_random_rows(const std::vector<T>& labels) {
  std::mt19937 random(5);
  for (std::size_t length = 0; length < 200; ++length) {
    for (const unsigned longest : {1U, 5U, 150U}) {
      std::vector<T> row;
      while (row.size() < length) {
        row.insert(row.end(), 1 + random() % longest, labels[random() % labels.size()]);
      }
      row.resize(length);
      check_runs(row, 1);
      check_runs(row, 3);
    }
  }
}

TEST_CASE("label runs: rows of any length, type and stride agree with a plain scan", "[image]") {
  check_random_rows<std::uint8_t>({0, 1, 128, 129, 255});
  check_random_rows<std::int16_t>({0, 1, 256, 257, -32768, -1});
  check_random_rows<std::int32_t>({0, 1, 65536, 16777217, -2147483647, -1});
}

}  // namespace
}  // namespace musclemap::image
