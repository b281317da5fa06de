// Small label maps as lists of voxels, the first axis fastest.
#ifndef MUSCLEMAP_TESTS_SUPPORT_SMALL_MAPS_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_SMALL_MAPS_HPP_

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "support/volumes.hpp"

namespace musclemap::test {

template <class T>
struct SmallMap {
  Index3 shape;
  std::vector<T> voxels;

  explicit SmallMap(const Index3& n) : shape(n), voxels(count_of(n)) {}
  SmallMap(const Index3& n, std::vector<T> values) : shape(n), voxels(std::move(values)) {}

  VoxelView<T> view() { return {voxels.data(), shape, {1, shape[0], shape[0] * shape[1]}}; }
  T& at(const Index3& at) { return voxels[place(shape, at)]; }
  void box(const Index3& begin, const Index3& end, T value) {
    for_each([&](const Index3& p, T& voxel) {
      bool inside = true;
      for (std::size_t axis = 0; axis < 3; ++axis)
        inside = inside && p[axis] >= begin[axis] && p[axis] < end[axis];
      if (inside) voxel = value;
    });
  }
  /// Calls body(place, voxel).
  template <class Body>
  void for_each(const Body& body) {
    for (std::int64_t k = 0; k < shape[2]; ++k) {
      for (std::int64_t j = 0; j < shape[1]; ++j) {
        for (std::int64_t i = 0; i < shape[0]; ++i) body(Index3{i, j, k}, at({i, j, k}));
      }
    }
  }
};

inline bool is_inside(const Index3& n, const Index3& at) {
  return at[0] >= 0 && at[0] < n[0] && at[1] >= 0 && at[1] < n[1] && at[2] >= 0 && at[2] < n[2];
}

/// A shape of 1 to `most` voxels along each axis.
inline Index3 random_shape(std::mt19937& random, std::int64_t most) {
  Index3 n;
  for (std::int64_t& length : n) length = 1 + static_cast<std::int64_t>(random()) % most;
  return n;
}

/// Labels up to `most`, of ten voxels `tenths` labelled.
template <class T>
SmallMap<T> random_map(std::mt19937& random, const Index3& n, unsigned tenths, unsigned most) {
  SmallMap<T> map(n);
  for (T& voxel : map.voxels) {
    voxel = random() % 10 < tenths ? static_cast<T>(1 + random() % most) : T{0};
  }
  return map;
}

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_SMALL_MAPS_HPP_
