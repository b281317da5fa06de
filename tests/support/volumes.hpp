// Small volumes from lists of voxels.
#ifndef MUSCLEMAP_TESTS_SUPPORT_VOLUMES_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_VOLUMES_HPP_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "image/layout.hpp"
#include "musclemap/metrics.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::test {

using image::dtype_of;

/// Axes along x, y, z.
inline Geometry grid(const Index3& shape, const Spacing& spacing_mm = {1, 1, 1}) {
  Geometry geometry;
  geometry.shape = shape;
  for (int axis = 0; axis < 3; ++axis) {
    geometry.to_world(axis, axis) = spacing_mm[static_cast<std::size_t>(axis)];
  }
  return geometry;
}

/// A line of voxels of one millilitre.
inline Geometry line(std::size_t count) {
  return grid({static_cast<std::int64_t>(count), 1, 1}, {10, 10, 10});
}

inline std::size_t count_of(const Index3& shape) {
  return static_cast<std::size_t>(shape[0] * shape[1] * shape[2]);
}

/// Place of a voxel in a list with the first axis fastest.
inline std::size_t place(const Index3& shape, const Index3& at) {
  return static_cast<std::size_t>(at[0] + shape[0] * (at[1] + shape[1] * at[2]));
}

/// Voxels with the first axis fastest.
template <class T>
Volume volume_of(const Geometry& geometry, const std::vector<T>& voxels) {
  Volume volume = Volume::zeros(geometry, dtype_of<T>());
  std::copy(voxels.begin(), voxels.end(), volume.mutable_view<T>().data);
  return volume;
}

template <class T>
Volume line_of(const std::vector<T>& voxels) {
  return volume_of(line(voxels.size()), voxels);
}

/// The voxels of any volume of that type, the first axis fastest.
template <class T>
std::vector<T> voxels_of(const Volume& volume) {
  const Volume copy = volume.deep_copy();
  const T* data = copy.view<T>().data;
  return std::vector<T>(data, data + count_of(copy.geometry().shape));
}

/// The same voxels in memory that runs backwards along every axis, with gaps between them.
template <class T>
Volume backwards(const Volume& volume) {
  const Index3& n = volume.geometry().shape;
  constexpr std::int64_t kGap = 3;
  auto memory = std::make_shared<std::vector<T>>(kGap * count_of(n), T{77});
  const std::int64_t size = sizeof(T);
  const Index3 stride{-kGap * size, -kGap * size * n[0], -kGap * size * n[0] * n[1]};
  T* first = memory->data() + kGap * (static_cast<std::int64_t>(count_of(n)) - 1);
  Volume result = Volume::borrow(first, volume.geometry(), dtype_of<T>(), stride, memory, false);
  const VoxelView<const T> from = volume.view<T>();
  const VoxelView<T> to = result.mutable_view<T>();
  for (std::int64_t k = 0; k < n[2]; ++k) {
    for (std::int64_t j = 0; j < n[1]; ++j) {
      for (std::int64_t i = 0; i < n[0]; ++i) to(i, j, k) = from(i, j, k);
    }
  }
  return result;
}

/// The table as CSV, with every column if `all`.
inline std::string csv_of(const MetricsTable& table, bool all = false) {
  TableWriteOptions options;
  options.all_columns = all;
  std::ostringstream out;
  table.write(out, options);
  return out.str();
}

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_VOLUMES_HPP_
