// A volume in memory as a source of slabs.
#ifndef MUSCLEMAP_IMAGE_VOLUME_READER_HPP_
#define MUSCLEMAP_IMAGE_VOLUME_READER_HPP_

#include <cstdint>
#include <utility>

#include "musclemap/volume.hpp"

namespace musclemap::image {

/// Slabs share the volume's memory.
class VolumeReader : public SlabReader {
 public:
  explicit VolumeReader(Volume volume) : volume_(std::move(volume)) {}
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
