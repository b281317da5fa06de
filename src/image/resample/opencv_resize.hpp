// Planes resized as OpenCV does it (docs/chains/cells.md#resizing).
#ifndef MUSCLEMAP_IMAGE_RESAMPLE_OPENCV_RESIZE_HPP_
#define MUSCLEMAP_IMAGE_RESAMPLE_OPENCV_RESIZE_HPP_

#include <cstdint>
#include <vector>

#include "image/float_plane.hpp"
#include "image/row_source.hpp"

namespace musclemap::image {

/// Two neighbours of a target pixel along an axis and the second one's share.
struct LinearTap {
  std::int64_t first = 0;
  std::int64_t second = 0;
  float share = 0;
};

/// INTER_LINEAR, row by row: centre i + 0.5 of a target pixel lies at (i + 0.5) * n_in / n_out of the source,
/// whose edge pixels go on outside; along x first, then along y, each in single precision. No antialiasing.
/// Sizes are at least 1. Held: the source's rows for kRowsAtOnce of the target.
class ResizedRows : public RowSource {
 public:
  static constexpr std::int64_t kRowsAtOnce = 64;

  /// `source` outlives it. Rows are shared by `threads`.
  ResizedRows(RowSource& source, std::int64_t height, std::int64_t width, int threads);
  std::int64_t planes() const override { return planes_; }
  std::int64_t height() const override { return static_cast<std::int64_t>(down_.size()); }
  std::int64_t width() const override { return static_cast<std::int64_t>(across_.size()); }
  void read(std::int64_t begin, std::int64_t count, float* to, std::int64_t stride) override;

 private:
  std::int64_t planes_;
  SlidingRows from_;
  std::vector<LinearTap> down_;
  std::vector<LinearTap> across_;
  int threads_;
};

/// The same of a plane in memory.
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
