// Intensity statistics of a volume and the box that matters (docs/chains/musclemap.md, sections 4.4 and 4.5).
#ifndef MUSCLEMAP_IMAGE_INTENSITY_HPP_
#define MUSCLEMAP_IMAGE_INTENSITY_HPP_

#include <array>
#include <cstdint>
#include <limits>

#include "image/slice_source.hpp"
#include "musclemap/geometry.hpp"

namespace musclemap::image {

/// z-score over the voxels that are not zero; zeros stay zero.
struct ZScore {
  float mean = 0;
  float deviation = 1;
  std::int64_t voxels = 0;  ///< not zero

  float operator()(float value) const {
    return value == 0 || voxels == 0 ? value : (value - mean) / deviation;
  }
};

/// First pass: mean over the voxels that are not zero. Sums are in double, slice by slice.
class MeanPass {
 public:
  void add(const Slice& slice);
  std::int64_t voxels() const { return voxels_; }
  double mean() const { return voxels_ > 0 ? sum_ / static_cast<double>(voxels_) : 0; }

 private:
  std::int64_t voxels_ = 0;
  double sum_ = 0;
};

/// Second pass: population deviation, and the box of the voxels brighter than the mean.
class SpreadPass {
 public:
  SpreadPass(const MeanPass& first, const Index3& shape);
  void add(std::int64_t z, const Slice& slice);
  ZScore score() const;
  /// False when no voxel is brighter than the mean.
  bool has_foreground() const { return low_[0] <= high_[0]; }
  /// First and past-the-last voxel of the foreground box with `margin` voxels around, inside the volume.
  Index3 box_begin(std::int64_t margin) const;
  Index3 box_end(std::int64_t margin) const;

 private:
  Index3 shape_;
  double mean_;
  std::int64_t voxels_;
  double squares_ = 0;
  Index3 low_;
  Index3 high_{-1, -1, -1};
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_INTENSITY_HPP_
