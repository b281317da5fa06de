#include "image/resample/volume_resize.hpp"

#include <algorithm>
#include <utility>

#include "base/parallel.hpp"
#include "image/resample/opencv_resize.hpp"

namespace musclemap::image {
namespace {

FloatVolume planes_resized(const FloatVolume& from, std::int64_t height, std::int64_t width, int threads) {
  FloatVolume to(from.depth, height, width);
  base::parallel_for(from.depth, threads, [&](std::int64_t z) {
    FloatPlane plane(from.height, from.width);
    std::copy_n(from.row(z, 0), plane.values.size(), plane.values.begin());
    const FloatPlane resized = resize_linear(plane, height, width, 1);
    std::copy(resized.values.begin(), resized.values.end(), to.row(z, 0));
  });
  return to;
}

FloatVolume depth_resized(const FloatVolume& from, std::int64_t depth, int threads) {
  FloatVolume to(depth, from.height, from.width);
  base::parallel_for(from.height, threads, [&](std::int64_t y) {
    FloatPlane plane(from.depth, from.width);
    for (std::int64_t z = 0; z < from.depth; ++z) std::copy_n(from.row(z, y), from.width, plane.row(z));
    const FloatPlane resized = resize_linear(plane, depth, from.width, 1);
    for (std::int64_t z = 0; z < depth; ++z) std::copy_n(resized.row(z), from.width, to.row(z, y));
  });
  return to;
}

}  // namespace

FloatVolume resize_volume(const FloatVolume& from, std::int64_t depth, std::int64_t height,
                          std::int64_t width, int threads) {
  FloatVolume wide;
  const bool same = height == from.height && width == from.width;
  if (!same) wide = planes_resized(from, height, width, threads);
  const FloatVolume& planes = same ? from : wide;
  if (depth != from.depth) return depth_resized(planes, depth, threads);
  return same ? from : wide;
}

}  // namespace musclemap::image
