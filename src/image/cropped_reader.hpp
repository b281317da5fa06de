// A box of a volume as a volume of its own.
#ifndef MUSCLEMAP_IMAGE_CROPPED_READER_HPP_
#define MUSCLEMAP_IMAGE_CROPPED_READER_HPP_

#include <cstdint>

#include "image/grid.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::image {

/// Voxels as whole numbers, rounded toward zero (i32; what lies outside of its range, and NaN, becomes its
/// least value, as casts do on x86). `whole` must outlive this.
class CroppedReader : public SlabReader {
 public:
  CroppedReader(SlabReader& whole, const Block& box);
  Geometry geometry() const override { return geometry_; }
  DType dtype() const override { return DType::i32; }
  Volume read(std::int64_t k_begin, std::int64_t k_count) override;

 private:
  SlabReader& whole_;
  Block box_;
  Geometry geometry_;
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_CROPPED_READER_HPP_
