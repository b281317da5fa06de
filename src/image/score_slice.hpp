// Scores of every class on one slice.
#ifndef MUSCLEMAP_IMAGE_SCORE_SLICE_HPP_
#define MUSCLEMAP_IMAGE_SCORE_SLICE_HPP_

#include <cstdint>

#include "base/aligned.hpp"

namespace musclemap::image {

/// Floats [class / 16][x][y][16], all 0 at first: a pixel's scores lie in vectors of 16 classes. Classes that
/// only fill the last vector mean nothing.
class ScoreSlice {
 public:
  static constexpr std::int64_t kVector = 16;

  ScoreSlice(std::int64_t classes, std::int64_t nx, std::int64_t ny)
      : classes_(classes), nx_(nx), ny_(ny), values_(blocks() * plane()) {}

  std::int64_t classes() const { return classes_; }
  std::int64_t nx() const { return nx_; }
  std::int64_t ny() const { return ny_; }
  std::int64_t blocks() const { return (classes_ + kVector - 1) / kVector; }
  /// Floats between blocks.
  std::int64_t plane() const { return nx_ * ny_ * kVector; }

  float* data() { return values_.data(); }
  /// 16 classes from 16 * block on.
  float* at(std::int64_t block, std::int64_t x, std::int64_t y) {
    return values_.data() + block * plane() + (x * ny_ + y) * kVector;
  }
  const float* at(std::int64_t block, std::int64_t x, std::int64_t y) const {
    return values_.data() + block * plane() + (x * ny_ + y) * kVector;
  }
  float score(std::int64_t c, std::int64_t x, std::int64_t y) const {
    return at(c / kVector, x, y)[c % kVector];
  }

 private:
  std::int64_t classes_;
  std::int64_t nx_;
  std::int64_t ny_;
  base::AlignedFloats values_;
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_SCORE_SLICE_HPP_
