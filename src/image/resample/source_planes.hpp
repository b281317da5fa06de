// Planes of a field as a resampling reads them: values, or coefficients of a spline through them.
#ifndef MUSCLEMAP_IMAGE_RESAMPLE_SOURCE_PLANES_HPP_
#define MUSCLEMAP_IMAGE_RESAMPLE_SOURCE_PLANES_HPP_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "image/field.hpp"
#include "image/interpolation.hpp"

namespace musclemap::image {

/// The least and the greatest of some values.
struct Range {
  double least = 0;
  double most = 0;
};

/// One thread at a time.
class SourcePlanes {
 public:
  virtual ~SourcePlanes() = default;
  /// Plane z of every channel, [channel][y][x] with x fastest; what it points to stays until the next call.
  virtual const double* plane(std::int64_t z) = 0;
  /// Of the values of the channel that results may not leave, where z is the (first) plane that was read.
  virtual Range range(std::int64_t channel, std::int64_t z) = 0;
};

/// What is smooth.
enum class Spline : std::uint8_t { none, plane, volume };

/// Voxels along x, y, z of the planes: those of the field, and edges where they are a spline's.
Index3 planes_shape(const Index3& source, Spline spline);

/// Planes of `below`, a field of that shape, which must outlive them; `degree` is that of a spline. Values:
/// read plane by plane. Spline of planes: each filtered for itself; its range is its own. Spline of the
/// volume: the volume is read and held with the first plane.
std::unique_ptr<SourcePlanes> source_planes(Field& below, const Index3& source, Spline spline,
                                            Interpolation degree, int threads);

/// What they hold.
std::size_t source_planes_bytes(const Index3& source, std::int64_t channels, Spline spline);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_RESAMPLE_SOURCE_PLANES_HPP_
