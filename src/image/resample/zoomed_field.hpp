// A field on a grid of the same axes and another number of voxels.
#ifndef MUSCLEMAP_IMAGE_RESAMPLE_ZOOMED_FIELD_HPP_
#define MUSCLEMAP_IMAGE_RESAMPLE_ZOOMED_FIELD_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "image/field.hpp"
#include "image/resample/axis_taps.hpp"
#include "image/resample/source_planes.hpp"

namespace musclemap::image {

/// What is done to a value that has been interpolated.
enum class Finish : std::uint8_t {
  none,
  clip,      ///< into the range of the values that it was made of (SourcePlanes::range)
  truncate,  ///< to a 32-bit integer, toward zero
};

struct Zoom {
  Index3 source{};
  Index3 target{};
  Alignment alignment = Alignment::corner;
  Interpolation interpolation = Interpolation::linear;
  /// Every plane of x and y for itself; then the nearest one along z.
  bool separate_z = false;
  Finish finish = Finish::none;
};

/// A value is the sum over its neighbours, x outermost and z innermost, of ((v wx) wy) wz in double, as SciPy
/// sums it; then float. Results do not depend on threads. Holds the planes that the last slice has read,
/// spread along x.
class ZoomedField : public Field {
 public:
  /// `below` must outlive it.
  ZoomedField(Field& below, const Zoom& zoom, int threads);

  int channels() const override { return channels_; }
  void read(const Block& block, float* out) override;

 private:
  void make_slice(std::int64_t z);
  void hold_planes(std::int64_t z);
  void spread(const double* planes, std::vector<double>* spread) const;
  void make_row(std::int64_t row, std::int64_t z, double* sums);
  void finish(const double* sums, const Range& range, float* out) const;

  int channels_;
  Zoom zoom_;
  int threads_;
  std::array<AxisTaps, 3> taps_;
  Index3 planes_shape_;
  std::unique_ptr<SourcePlanes> planes_;
  std::map<std::int64_t, std::vector<double>> spread_;  // by z: [channel][tap][y][x of the target]
  std::int64_t slice_z_ = -1;
  std::vector<float> slice_;  // [channel][y][x]
};

/// What it holds.
std::size_t zoomed_field_bytes(const Zoom& zoom, std::int64_t channels);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_RESAMPLE_ZOOMED_FIELD_HPP_
