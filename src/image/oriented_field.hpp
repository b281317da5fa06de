// A stored volume along the axes of RAS+, in whatever orientation it is stored.
#ifndef MUSCLEMAP_IMAGE_ORIENTED_FIELD_HPP_
#define MUSCLEMAP_IMAGE_ORIENTED_FIELD_HPP_

#include <cstdint>
#include <limits>
#include <optional>

#include "image/field.hpp"
#include "image/orientation.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::image {

/// What the voxels were like that have been read, each counted as often as it was read.
struct VoxelsSeen {
  std::int64_t nonfinite = 0;     ///< NaN and infinite: taken as 0
  std::int64_t beyond_float = 0;  ///< finite, but not in single precision: taken as 0 too
  float least = std::numeric_limits<float>::infinity();
  float most = -std::numeric_limits<float>::infinity();
};

/// Values as float; what is not finite, or not as a float, becomes 0. Where the stored third axis becomes z,
/// one stored slice is read at a time; else the volume is read once and held.
class OrientedField : public Field {
 public:
  OrientedField(SlabReader& reader, const Orientation& orientation);
  const Index3& shape() const { return shape_; }
  void read(const Block& block, float* out) override { read_as(block, out); }
  /// Values as they are stored, scaled ones as the reader scales them; what is not finite becomes 0.
  void read_double(const Block& block, double* out) override { read_as(block, out); }

  const VoxelsSeen& seen() const { return seen_; }

 private:
  template <class Value>
  void read_as(const Block& block, Value* out);
  template <class T, class Value>
  void copy(const VoxelView<const T>& slice, const Block& block, std::int64_t step, Value* out);

  SlabReader& reader_;
  Orientation orientation_;
  Index3 shape_;
  bool streams_;
  bool reversed_;
  VoxelsSeen seen_;
  std::optional<Volume> held_;
};

/// Whether slices of z are slices as they are stored, so that none but the one that is read is held.
bool streams(const Orientation& orientation);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_ORIENTED_FIELD_HPP_
