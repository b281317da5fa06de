#include "image/labels/cross_steps.hpp"

#include <algorithm>
#include <cstddef>

namespace musclemap::image {
namespace {

using Mask = VoxelView<std::uint8_t>;

// Steps that are counted, more count as many.
constexpr std::uint8_t kFar = 255;
constexpr std::int64_t kMostAtOnce = 254;

constexpr std::uint8_t one_more(std::uint8_t steps) {
  return static_cast<std::uint8_t>(steps + (steps == kFar ? 0 : 1));
}

template <class Body>
void for_each_voxel(const Mask& mask, const Body& body) {
  for (std::int64_t k = 0; k < mask.shape[2]; ++k) {
    for (std::int64_t j = 0; j < mask.shape[1]; ++j) {
      for (std::int64_t i = 0; i < mask.shape[0]; ++i) body(mask(i, j, k));
    }
  }
}

// Calls relax(n, neighbour) for the places of an axis, up and then down. The first of each has a neighbour
// that is not there: -1 or the length.
template <class Relax>
void up_and_down(std::int64_t length, const Relax& relax) {
  for (std::int64_t n = 0; n < length; ++n) relax(n, n - 1);
  for (std::int64_t n = length - 1; n >= 0; --n) relax(n, n + 1);
}

// Each voxel along `axis` takes what its neighbours offer; `outside` is what lies beyond either end.
void along(std::size_t axis, const Mask& steps, std::uint8_t outside) {
  const std::int64_t length = steps.shape[axis];
  // Rows of the first axis, or of the second along the first.
  const std::size_t row = axis == 0 ? 1 : 0;
  const std::size_t other = 3 - axis - row;
  for (std::int64_t across = 0; across < steps.shape[other]; ++across) {
    std::uint8_t* const plane = steps.data + across * steps.stride[other];
    up_and_down(length, [&](std::int64_t n, std::int64_t neighbour) {
      const bool there = neighbour >= 0 && neighbour < length;
      std::uint8_t* const to = plane + n * steps.stride[axis];
      const std::uint8_t* const from = there ? plane + neighbour * steps.stride[axis] : &outside;
      const std::int64_t stride = there ? steps.stride[row] : 0;
      for (std::int64_t i = 0; i < steps.shape[row]; ++i) {
        std::uint8_t& voxel = to[i * steps.stride[row]];
        voxel = std::min(voxel, one_more(from[i * stride]));
      }
    });
  }
}

// From 0 at the voxels that steps begin with and kFar elsewhere to the least number of steps. The distance
// over faces is the sum of those along the axes, so that they can be counted one after the other.
void count_steps(const Mask& steps, std::uint8_t outside) {
  for (std::size_t axis = 0; axis < 3; ++axis) along(axis, steps, outside);
}

}  // namespace

void dilate_by_steps(const Mask& mask, std::int64_t steps) {
  for (; steps > 0; steps -= kMostAtOnce) {
    const auto now = static_cast<std::uint8_t>(std::min(steps, kMostAtOnce));
    for_each_voxel(mask, [](std::uint8_t& voxel) { voxel = voxel != 0 ? 0 : kFar; });
    count_steps(mask, kFar);
    for_each_voxel(mask, [now](std::uint8_t& voxel) { voxel = voxel <= now ? 1 : 0; });
  }
}

void erode_by_steps(const Mask& mask, std::int64_t steps) {
  for (; steps > 0; steps -= kMostAtOnce) {
    const auto now = static_cast<std::uint8_t>(std::min(steps, kMostAtOnce));
    for_each_voxel(mask, [](std::uint8_t& voxel) { voxel = voxel == 0 ? 0 : kFar; });
    count_steps(mask, 0);
    for_each_voxel(mask, [now](std::uint8_t& voxel) { voxel = voxel <= now ? 0 : 1; });
  }
}

}  // namespace musclemap::image
