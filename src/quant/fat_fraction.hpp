// Dixon fat fraction as a source of slabs.
#ifndef MUSCLEMAP_QUANT_FAT_FRACTION_HPP_
#define MUSCLEMAP_QUANT_FAT_FRACTION_HPP_

#include <cstdint>

#include "musclemap/volume.hpp"

namespace musclemap::quant {

/// F / (F + W) of two slabs of one shape as f32, divided in double; 0 where F + W is 0; not clipped
/// (docs/chains/metrics.md, section 5).
Volume fat_fraction_slab(const Volume& fat, const Volume& water);

/// The same as a source of slabs.
class FatFractionReader : public SlabReader {
 public:
  /// The readers must outlive this and have one shape; geometry() is that of `fat`.
  FatFractionReader(SlabReader& fat, SlabReader& water) : fat_(fat), water_(water) {}
  Geometry geometry() const override { return fat_.geometry(); }
  DType dtype() const override { return DType::f32; }
  Volume read(std::int64_t k_begin, std::int64_t k_count) override;

 private:
  SlabReader& fat_;
  SlabReader& water_;
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_FAT_FRACTION_HPP_
