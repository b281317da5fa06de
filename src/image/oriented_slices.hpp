// RAS+ slices of a volume in whatever orientation it is stored.
#ifndef MUSCLEMAP_IMAGE_ORIENTED_SLICES_HPP_
#define MUSCLEMAP_IMAGE_ORIENTED_SLICES_HPP_

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

#include "image/orientation.hpp"
#include "image/slice_source.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::image {

/// Values as float; what is not finite, or not as a float, becomes 0 and is counted. Where the stored third
/// axis becomes z, one stored slice is read at a time; else the volume is read once and held.
class OrientedSlices : public SliceSource {
 public:
  OrientedSlices(SlabReader& reader, const Orientation& orientation);
  Index3 shape() const override { return shape_; }
  Slice slice(std::int64_t z) override;

  /// True when rising z means falling stored slices, so that falling z is the fast way through.
  bool reversed() const { return reversed_; }
  /// Voxels that were not finite in the slices seen so far, each slice counted as often as it was read.
  std::int64_t nonfinite() const { return nonfinite_; }
  /// Finite ones that no float holds, which become 0 too, counted alike.
  std::int64_t beyond_float() const { return beyond_float_; }
  /// Smallest and largest value of the slices seen so far.
  float least() const { return least_; }
  float most() const { return most_; }

 private:
  template <class T>
  void copy(const Volume& volume, std::int64_t z, std::vector<float>* out);

  SlabReader& reader_;
  Orientation orientation_;
  Index3 shape_;
  bool streams_;
  bool reversed_;
  std::int64_t nonfinite_ = 0;
  std::int64_t beyond_float_ = 0;
  float least_ = std::numeric_limits<float>::infinity();
  float most_ = -std::numeric_limits<float>::infinity();
  std::optional<Volume> held_;
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_ORIENTED_SLICES_HPP_
