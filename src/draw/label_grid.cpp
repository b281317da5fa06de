#include "draw/label_grid.hpp"

#include <algorithm>
#include <cmath>

namespace musclemap::draw {
namespace {

constexpr std::int64_t kMostVoxels = 24'000'000;

std::int64_t steps_in(std::int64_t count, std::int64_t step) { return (count + step - 1) / step; }

// Voxels per step along each axis.
Index3 steps_for(const Index3& shape, const Spacing& spacing, double pixel_mm) {
  Index3 step{};
  for (std::size_t a = 0; a < 3; ++a) {
    step[a] = std::max<std::int64_t>(1, static_cast<std::int64_t>(pixel_mm / spacing[a]));
  }
  const auto voxels = [&] {
    return steps_in(shape[0], step[0]) * steps_in(shape[1], step[1]) * steps_in(shape[2], step[2]);
  };
  while (voxels() > kMostVoxels) {
    std::size_t finest = 0;
    for (std::size_t a = 1; a < 3; ++a) {
      if (static_cast<double>(step[a]) * spacing[a] < static_cast<double>(step[finest]) * spacing[finest])
        finest = a;
    }
    ++step[finest];
  }
  return step;
}

}  // namespace

VoxelBox hull(const VoxelBox& a, const VoxelBox& b) {
  VoxelBox both;
  for (std::size_t n = 0; n < 3; ++n) {
    both.begin[n] = std::min(a.begin[n], b.begin[n]);
    both.end[n] = std::max(a.end[n], b.end[n]);
  }
  return both;
}

std::map<std::int32_t, VoxelBox> label_boxes(const Views& views) {
  std::map<std::int32_t, VoxelBox> boxes;
  views.each_label_row([&](std::int64_t y, std::int64_t z, const std::vector<std::int32_t>& row) {
    for (std::size_t x = 0; x < row.size();) {
      const std::size_t first = x;
      while (x < row.size() && row[x] == row[first]) ++x;
      if (row[first] == 0) continue;
      const VoxelBox run{{static_cast<std::int64_t>(first), y, z},
                         {static_cast<std::int64_t>(x), y + 1, z + 1}};
      const auto [box, added] = boxes.emplace(row[first], run);
      if (!added) box->second = hull(box->second, run);
    }
  });
  return boxes;
}

LabelGrid label_grid(const Views& views, const VoxelBox& box, const std::vector<std::int32_t>& values,
                     double pixel_mm) {
  Index3 extent{};
  for (std::size_t a = 0; a < 3; ++a) extent[a] = box.end[a] - box.begin[a];
  const Index3 step = steps_for(extent, views.spacing(), pixel_mm);
  LabelGrid grid;
  for (std::size_t a = 0; a < 3; ++a) {
    grid.shape[a] = steps_in(extent[a], step[a]) + 2;
    const double mm = static_cast<double>(step[a]) * views.spacing()[a];
    grid.step_mm[a] = static_cast<float>(mm);
    // The middle voxel of each step is the one that is read.
    const std::int64_t first = box.begin[a] + step[a] / 2;
    grid.first_mm[a] = static_cast<float>(static_cast<double>(first) * views.spacing()[a] - mm);
  }
  grid.classes.resize(grid.at(0, 0, grid.shape[2]));
  const auto place = [&](std::size_t axis, std::int64_t index) {
    const std::int64_t from = index - box.begin[axis] - step[axis] / 2;
    return from >= 0 && index < box.end[axis] && from % step[axis] == 0 ? from / step[axis] + 1 : 0;
  };
  views.each_label_row([&](std::int64_t y, std::int64_t z, const std::vector<std::int32_t>& row) {
    const std::int64_t to_y = place(1, y);
    const std::int64_t to_z = place(2, z);
    if (to_y == 0 || to_z == 0) return;
    std::int32_t last = 0;
    std::uint16_t found = 0;
    std::size_t to = grid.at(1, to_y, to_z);
    for (std::int64_t x = box.begin[0] + step[0] / 2; x < box.end[0]; x += step[0]) {
      const std::int32_t value = row[static_cast<std::size_t>(x)];
      if (value != last) {
        const auto here = std::lower_bound(values.begin(), values.end(), value);
        const bool known = here != values.end() && *here == value;
        found = known ? static_cast<std::uint16_t>(here - values.begin() + 1) : std::uint16_t{0};
        last = value;
      }
      grid.classes[to++] = found;
    }
  });
  return grid;
}

}  // namespace musclemap::draw
