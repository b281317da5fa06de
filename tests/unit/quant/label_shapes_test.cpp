#include "quant/label_shapes.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "support/catch.hpp"
#include "support/flood_fill.hpp"

namespace musclemap::quant {
namespace {

using test::grid;

LabelShapes shapes_of(const Index3& n, const std::vector<std::int32_t>& labels, int axis, std::int64_t step,
                      int section_axis) {
  LabelShapes shapes(n, axis, section_axis);
  const Volume volume = test::volume_of(grid(n), labels);
  for (std::int64_t k = 0; k < n[2]; k += step) {
    shapes.add({k, volume.subvolume({0, 0, k}, {n[0], n[1], std::min(step, n[2] - k)}), {}});
  }
  return shapes;
}

LabelShapes shapes_of(const Index3& n, const std::vector<std::int32_t>& labels, int axis, std::int64_t step) {
  return shapes_of(n, labels, axis, step, axis);
}

using PerSlice = std::map<std::int64_t, std::int64_t>;

PerSlice counts_of(const BySlice<std::int64_t>& counts) {
  PerSlice result;
  for (const auto& entry : counts.entries()) result[entry.slice] = entry.value;
  return result;
}

struct Counted {
  std::int64_t voxels = 0;
  PerSlice slices;
  PerSlice sections;
  bool touches_border = false;
  std::int64_t parts = 0;
};

// The same, voxel by voxel.
std::map<std::int32_t, Counted> counted(const Index3& n, const std::vector<std::int32_t>& labels,
                                        std::size_t axis, std::size_t section_axis) {
  std::map<std::int32_t, Counted> shapes;
  for (std::int64_t k = 0; k < n[2]; ++k) {
    for (std::int64_t j = 0; j < n[1]; ++j) {
      for (std::int64_t i = 0; i < n[0]; ++i) {
        const Index3 at{i, j, k};
        const std::int32_t label = labels[test::place(n, at)];
        if (label == 0) continue;
        Counted& shape = shapes[label];
        ++shape.voxels;
        ++shape.slices[at[axis]];
        ++shape.sections[at[section_axis]];
        for (std::size_t a = 0; a < 3; ++a) {
          if (n[a] > 1 && (at[a] == 0 || at[a] == n[a] - 1)) shape.touches_border = true;
        }
      }
    }
  }
  for (const test::FilledPart& part : test::flood_fill(n, labels)) ++shapes[part.label].parts;
  return shapes;
}

TEST_CASE("label shapes: an axis of one voxel has no border", "[quant]") {
  CHECK_FALSE(shapes_of({1, 1, 1}, {4}, 2, 1).of_label().at(4).touches_border);
  CHECK_FALSE(shapes_of({3, 1, 1}, {0, 4, 0}, 2, 1).of_label().at(4).touches_border);
  CHECK(shapes_of({3, 1, 1}, {4, 0, 0}, 2, 1).of_label().at(4).touches_border);
  CHECK(shapes_of({1, 3, 1}, {0, 0, 4}, 2, 1).of_label().at(4).touches_border);
  CHECK(shapes_of({1, 1, 2}, {0, 4}, 2, 1).of_label().at(4).touches_border);
}

TEST_CASE("label shapes: slices with voxels are counted, gaps are not", "[quant]") {
  const LabelShape shape = shapes_of({1, 1, 5}, {7, 0, 7, 0, 0}, 2, 2).of_label().at(7);
  CHECK(shape.slices() == 2);
  CHECK(counts_of(shape.sections) == PerSlice{{0, 1}, {2, 1}});
  CHECK(shape.parts == 2);
}

TEST_CASE("label shapes: labels of any value, ascending", "[quant]") {
  const LabelShapes shapes = shapes_of({5, 1, 1}, {70000, -3, 255, 32768, 0}, 2, 1);
  std::vector<std::int32_t> found;
  for (const auto& entry : shapes.of_label()) found.push_back(entry.first);
  CHECK(found == std::vector<std::int32_t>{-3, 255, 32768, 70000});
}

TEST_CASE("label shapes: random maps agree with counting, whatever the slabs", "[quant][property]") {
  std::mt19937 engine(4);
  const auto random = [&] { return static_cast<unsigned>(engine()); };
  for (int round = 0; round < 300; ++round) {
    const auto size = [&] { return static_cast<std::int64_t>(1 + random() % 6); };
    const Index3 n{size(), size(), size()};
    std::vector<std::int32_t> labels(test::count_of(n));
    const unsigned kinds = 3 + random() % 3;
    for (std::int32_t& label : labels) {
      label = std::max<std::int32_t>(0, static_cast<std::int32_t>(random() % kinds) - 1);
    }
    const auto axis = static_cast<int>(random() % 3);
    const auto section_axis = static_cast<int>(random() % 3);
    const auto wanted =
        counted(n, labels, static_cast<std::size_t>(axis), static_cast<std::size_t>(section_axis));
    const LabelShapes shapes = shapes_of(n, labels, axis, 1 + random() % 3, section_axis);
    REQUIRE(shapes.of_label().size() == wanted.size());
    for (const auto& [label, shape] : shapes.of_label()) {
      const Counted& other = wanted.at(label);
      REQUIRE(shape.voxels == other.voxels);
      REQUIRE(shape.slices() == static_cast<std::int64_t>(other.slices.size()));
      REQUIRE(counts_of(shape.sections) == other.sections);
      REQUIRE(shape.touches_border == other.touches_border);
      REQUIRE(shape.parts == other.parts);
    }
  }
}

}  // namespace
}  // namespace musclemap::quant
