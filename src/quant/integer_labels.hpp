// A label map of any type as 32-bit integers.
#ifndef MUSCLEMAP_QUANT_INTEGER_LABELS_HPP_
#define MUSCLEMAP_QUANT_INTEGER_LABELS_HPP_

#include <cstdint>

#include "musclemap/volume.hpp"

namespace musclemap::quant {

/// Slabs of i32, contiguous. Error `format` reason `labels` for a voxel that is no integer or does not fit;
/// it names the voxel.
class IntegerLabels : public SlabReader {
 public:
  /// `source` must outlive this.
  explicit IntegerLabels(SlabReader& source) : source_(source) {}
  Geometry geometry() const override { return source_.geometry(); }
  DType dtype() const override { return DType::i32; }
  Volume read(std::int64_t k_begin, std::int64_t k_count) override;

 private:
  SlabReader& source_;
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_INTEGER_LABELS_HPP_
