#include "image/labels/largest_parts.hpp"

#include <algorithm>
#include <cstddef>

#include "image/labels/run_forest.hpp"

namespace musclemap::image {

void keep_largest_parts(const std::array<std::int64_t, 3>& shape, std::vector<std::uint32_t>* labels) {
  const VoxelView<std::uint32_t> map{
      labels->data(), {shape[2], shape[1], shape[0]}, {1, shape[2], shape[2] * shape[1]}};
  RunForest forest(shape[1], 0);
  std::vector<LabelRun> row;
  for (std::int64_t z = 0; z < shape[0]; ++z) {
    for (std::int64_t y = 0; y < shape[1]; ++y) {
      find_runs(map, y, z, &row);
      forest.add_row(row);
    }
  }
  std::vector<std::int64_t> pixels(forest.number_parts());
  std::int32_t greatest = 0;
  forest.for_each([&](const RunForest::Run& run, std::int64_t /*y*/, std::int64_t /*z*/) {
    pixels[run.parent] += run.end - run.begin;
    greatest = std::max(greatest, run.label);
  });
  constexpr std::uint32_t kNone = UINT32_MAX;
  std::vector<std::uint32_t> largest(static_cast<std::size_t>(greatest) + 1, kNone);
  // Parts are numbered by their first runs, so that of equal ones the first stays.
  forest.for_each([&](const RunForest::Run& run, std::int64_t /*y*/, std::int64_t /*z*/) {
    std::uint32_t& best = largest[static_cast<std::size_t>(run.label)];
    if (best == kNone || pixels[run.parent] > pixels[best]) best = run.parent;
  });
  forest.for_each([&](const RunForest::Run& run, std::int64_t y, std::int64_t z) {
    if (largest[static_cast<std::size_t>(run.label)] == run.parent) return;
    std::fill(&map(run.begin, y, z), &map(run.begin, y, z) + (run.end - run.begin), 0);
  });
}

}  // namespace musclemap::image
