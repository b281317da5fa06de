// A volume in memory as a source of slabs.
#ifndef MUSCLEMAP_IMAGE_VOLUME_READER_HPP_
#define MUSCLEMAP_IMAGE_VOLUME_READER_HPP_

#include <cstdint>
#include <utility>

#include "image/typed_view.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::image {

/// Slabs share the volume's memory.
class VolumeReader : public SlabReader {
 public:
  /// Error `argument` for an empty volume, which has that name.
  explicit VolumeReader(Volume volume, const char* name = "volume") : volume_(std::move(volume)) {
    check_voxels(volume_, name);
  }
  Geometry geometry() const override { return volume_.geometry(); }
  DType dtype() const override { return volume_.dtype(); }
  Volume read(std::int64_t k_begin, std::int64_t k_count) override {
    const Index3& n = volume_.geometry().shape;
    return volume_.subvolume({0, 0, k_begin}, {n[0], n[1], k_count});
  }

 private:
  Volume volume_;
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_VOLUME_READER_HPP_
