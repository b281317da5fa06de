// RAS+ slices of a volume in whatever orientation it is stored.
#ifndef MUSCLEMAP_IMAGE_ORIENTED_SLICES_HPP_
#define MUSCLEMAP_IMAGE_ORIENTED_SLICES_HPP_

#include <cstdint>
#include <memory>
#include <optional>

#include "image/orientation.hpp"
#include "image/slice_source.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::image {

/// Values as float; NaN and infinity become 0 and are counted. Where the stored third axis becomes z, one
/// stored slice is read at a time; else the volume is read once and held.
class OrientedSlices : public SliceSource {
 public:
  OrientedSlices(SlabReader& reader, const Orientation& orientation);
  Index3 shape() const override { return shape_; }
  Slice slice(std::int64_t z) override;

  /// True when rising z means falling stored slices, so that falling z is the fast way through.
  bool reversed() const { return reversed_; }
  /// Voxels that were not finite in the slices seen so far, each slice counted as often as it was read.
  std::int64_t nonfinite() const { return nonfinite_; }

 private:
  template <class T>
  void copy(const Volume& volume, std::int64_t z, std::vector<float>* out);

  SlabReader& reader_;
  Orientation orientation_;
  Index3 shape_;
  bool streams_;
  bool reversed_;
  std::int64_t nonfinite_ = 0;
  std::optional<Volume> held_;
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_ORIENTED_SLICES_HPP_
