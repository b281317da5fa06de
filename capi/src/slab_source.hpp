// Slices that the caller hands over when they are asked for.
#ifndef MUSCLEMAP_CAPI_SLAB_SOURCE_HPP_
#define MUSCLEMAP_CAPI_SLAB_SOURCE_HPP_

#include "musclemap.h"
#include "musclemap/volume.hpp"

namespace musclemap::capi {

class CallerSlabs : public SlabReader {
 public:
  /// Error `argument` for a field that is not allowed.
  explicit CallerSlabs(const mm_slab_source* source);
  Geometry geometry() const override { return geometry_; }
  DType dtype() const override { return dtype_; }
  /// Errors: `argument` outside the volume, and what the callback answers.
  Volume read(std::int64_t k_begin, std::int64_t k_count) override;

 private:
  Geometry geometry_;
  DType dtype_;
  mm_read_slab_fn read_;
  void* user_data_;
};

}  // namespace musclemap::capi

#endif  // MUSCLEMAP_CAPI_SLAB_SOURCE_HPP_
