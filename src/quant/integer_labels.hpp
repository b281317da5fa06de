// A label map of any type as 32-bit integers.
#ifndef MUSCLEMAP_QUANT_INTEGER_LABELS_HPP_
#define MUSCLEMAP_QUANT_INTEGER_LABELS_HPP_

#include <cstdint>
#include <optional>

#include "musclemap/error.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::quant {

/// Slabs of i32, contiguous. A value that is an integer in single precision is that integer; one within 1e-3
/// of an integer is rounded, and told once. Error `format` reason `labels` for a voxel further away, or that
/// does not fit; it names the voxel and the remedy.
class IntegerLabels : public SlabReader {
 public:
  /// `source` must outlive this.
  explicit IntegerLabels(SlabReader& source) : source_(source) {}
  Geometry geometry() const override { return source_.geometry(); }
  DType dtype() const override { return DType::i32; }
  Volume read(std::int64_t k_begin, std::int64_t k_count) override;

  /// labels_rounded, where a slab that was read had such voxels.
  std::optional<Warning> warning() const;

 private:
  SlabReader& source_;
  std::int64_t rounded_ = 0;
  double example_ = 0;
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_INTEGER_LABELS_HPP_
