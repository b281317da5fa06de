#include "image/labels/label_parts.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <tuple>
#include <vector>

#include "support/catch.hpp"
#include "support/flood_fill.hpp"

namespace musclemap::image {
namespace {

using Seen = std::vector<std::tuple<std::int64_t, std::int32_t, std::int64_t>>;

// First voxel, label and size of every part.
Seen by_rows(const Index3& n, const std::vector<std::int32_t>& labels) {
  Seen seen;
  LabelParts parts(n, [&](const LabelPart& part) { seen.emplace_back(part.first, part.label, part.voxels); });
  const VoxelView<const std::int32_t> view{labels.data(), n, {1, n[0], n[0] * n[1]}};
  std::vector<LabelRun> runs;
  for (std::int64_t k = 0; k < n[2]; ++k) {
    for (std::int64_t j = 0; j < n[1]; ++j) {
      find_runs(view, j, k, &runs);
      parts.add_row(runs);
    }
  }
  std::sort(seen.begin(), seen.end());
  return seen;
}

Seen by_flood_fill(const Index3& n, const std::vector<std::int32_t>& labels) {
  Seen seen;
  for (const test::FilledPart& part : test::flood_fill(n, labels)) {
    seen.emplace_back(part.first, part.label, part.voxels);
  }
  return seen;
}

TEST_CASE("label parts: corners and edges do not connect, faces do", "[image]") {
  CHECK(by_rows({2, 2, 1}, {5, 0, 0, 5}) == Seen{{0, 5, 1}, {3, 5, 1}});
  CHECK(by_rows({2, 2, 1}, {5, 5, 0, 5}) == Seen{{0, 5, 3}});
  CHECK(by_rows({1, 1, 3}, {-2, -2, 7}) == Seen{{0, -2, 2}, {2, 7, 1}});
  CHECK(by_rows({3, 1, 1}, {0, 0, 0}).empty());
}

TEST_CASE("label parts: arms that meet only in the last slice are one part", "[image]") {
  CHECK(by_rows({3, 1, 3}, {1, 0, 1, 1, 0, 1, 1, 1, 1}) == Seen{{0, 1, 7}});
  CHECK(by_rows({3, 1, 3}, {1, 0, 1, 1, 0, 1, 1, 2, 1}) == Seen{{0, 1, 3}, {5, 2, 1}, {6, 1, 3}});
}

TEST_CASE("label parts: random maps agree with a flood fill", "[image][property]") {
  std::mt19937 engine(11);
  const auto random = [&] { return static_cast<unsigned>(engine()); };
  for (int round = 0; round < 400; ++round) {
    const auto size = [&] { return static_cast<std::int64_t>(1 + random() % 8); };
    const Index3 n{size(), size(), size()};
    const unsigned kinds = 2 + random() % 3;
    std::vector<std::int32_t> labels(test::count_of(n));
    for (std::int32_t& label : labels) label = static_cast<std::int32_t>(random() % kinds) - 1;
    REQUIRE(by_rows(n, labels) == by_flood_fill(n, labels));
  }
}

}  // namespace
}  // namespace musclemap::image
