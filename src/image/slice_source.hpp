// A volume as axial slices that are made when they are asked for.
#ifndef MUSCLEMAP_IMAGE_SLICE_SOURCE_HPP_
#define MUSCLEMAP_IMAGE_SLICE_SOURCE_HPP_

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "image/resampler.hpp"
#include "musclemap/geometry.hpp"

namespace musclemap::image {

/// One slice, [x][y] with y fastest. Shared and never changed.
using Slice = std::shared_ptr<const std::vector<float>>;

/// Slices of a volume whose axes are x, y, z. One thread at a time.
class SliceSource {
 public:
  virtual ~SliceSource() = default;
  virtual Index3 shape() const = 0;
  /// Slice z. Neighbouring z one after the other are fast.
  virtual Slice slice(std::int64_t z) = 0;
};

/// Slices of a source on another grid. Holds the source slices that the last slice read.
class ResampledSlices : public SliceSource {
 public:
  ResampledSlices(SliceSource& source, Resampler resampler, int threads);
  Index3 shape() const override { return resampler_.target_shape(); }
  Slice slice(std::int64_t z) override;

 private:
  SliceSource& source_;
  Resampler resampler_;
  int threads_;
  std::map<std::int64_t, Slice> held_;
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_SLICE_SOURCE_HPP_
