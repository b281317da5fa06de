// Planes of floats resized row by row as LibTorch's interpolate(mode="bilinear", align_corners=False) does,
// but for the last bits where that fuses products and sums.
#ifndef MUSCLEMAP_IMAGE_RESAMPLE_BILINEAR_HPP_
#define MUSCLEMAP_IMAGE_RESAMPLE_BILINEAR_HPP_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "image/plane.hpp"

namespace musclemap::image {

/// Gives rows of the resized plane, each from two rows of the source that are resized along x once and kept:
/// pixel centres on pixel centres, edges repeated, f32 throughout. One can be the source of another. Memory:
/// three rows. One thread at a time.
class BilinearRows {
 public:
  /// Row y of the source, read before the next one is asked for.
  using Source = std::function<const float*(std::int64_t y)>;

  BilinearRows(Source source, const PlaneShape& from, const PlaneShape& to);
  /// Row y, valid until the next call; rising y reads each source row once.
  const float* row(std::int64_t y);

 private:
  // Between values `low` and `high` of a source axis.
  struct Taps {
    std::int64_t low;
    std::int64_t high;
    float low_weight;
    float high_weight;
  };
  struct Kept {
    std::int64_t y = -1;
    std::vector<float> values;
  };

  static std::vector<Taps> taps(std::int64_t from, std::int64_t to);
  const std::vector<float>& wide_row(std::int64_t y, std::int64_t other);

  Source source_;
  PlaneShape from_;
  PlaneShape to_;
  std::vector<Taps> rows_;
  std::vector<Taps> columns_;
  Kept kept_[2];
  std::vector<float> row_;
};

/// A whole plane, bands of rows on several threads.
/// @param stride values between the beginnings of source rows, so that `from` may be a part of a plane
std::vector<float> resize_bilinear(const float* plane, std::int64_t stride, const PlaneShape& from,
                                   const PlaneShape& to, int threads);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_RESAMPLE_BILINEAR_HPP_
