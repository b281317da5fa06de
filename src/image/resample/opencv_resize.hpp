// Planes resized as OpenCV does it (docs/chains/cells.md#resizing).
#ifndef MUSCLEMAP_IMAGE_RESAMPLE_OPENCV_RESIZE_HPP_
#define MUSCLEMAP_IMAGE_RESAMPLE_OPENCV_RESIZE_HPP_

#include <cstdint>
#include <vector>

#include "image/float_plane.hpp"

namespace musclemap::image {

/// INTER_LINEAR: centre i + 0.5 of a target pixel lies at (i + 0.5) * n_in / n_out of the source, whose edge
/// pixels go on outside; along x first, then along y, each in single precision. No antialiasing. Sizes are
/// at least 1. Rows are shared by `threads`.
FloatPlane resize_linear(const FloatPlane& from, std::int64_t height, std::int64_t width, int threads);

/// INTER_NEAREST along one axis: source index min(floor(i * s), n_in - 1) of each target index, where the
/// step s is 1 / (n_out / n_in), rounded twice.
std::vector<std::int64_t> nearest_indices(std::int64_t from, std::int64_t to);

/// INTER_NEAREST of [y][x] labels.
template <class Label>
std::vector<Label> resize_nearest(const Label* from, std::int64_t from_height, std::int64_t from_width,
                                  std::int64_t height, std::int64_t width) {
  const std::vector<std::int64_t> rows = nearest_indices(from_height, height);
  const std::vector<std::int64_t> columns = nearest_indices(from_width, width);
  std::vector<Label> result;
  result.reserve(rows.size() * columns.size());
  for (const std::int64_t y : rows) {
    for (const std::int64_t x : columns) result.push_back(from[y * from_width + x]);
  }
  return result;
}

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_RESAMPLE_OPENCV_RESIZE_HPP_
