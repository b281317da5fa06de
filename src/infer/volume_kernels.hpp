// Rows of half-precision sums, for each instruction set.
#ifndef MUSCLEMAP_INFER_VOLUME_KERNELS_HPP_
#define MUSCLEMAP_INFER_VOLUME_KERNELS_HPP_

#include <cstdint>

#include "base/isa.hpp"

namespace musclemap::infer {

/// Halves are bits (base/half.hpp). All arithmetic is in float, rounded operation by operation, then to half:
/// the same bits with every instruction set.
struct VolumeKernels {
  /// sums[i] += scores[i] * weights[i]
  void (*add_weighted)(const float* scores, const float* weights, std::int64_t count, std::uint16_t* sums);
  /// sums[i] += values[i]
  void (*add_floats)(const float* values, std::int64_t count, std::uint16_t* sums);
  void (*add_halves)(const std::uint16_t* values, std::int64_t count, std::uint16_t* sums);
  /// sums[i] /= divisors[i]; true if a quotient is infinite.
  bool (*divide)(const std::uint16_t* divisors, std::int64_t count, std::uint16_t* sums);
  /// sums[i] /= divisor
  void (*divide_by)(float divisor, std::int64_t count, std::uint16_t* sums);
};

const VolumeKernels& volume_kernels_for(base::Isa isa);

// The tables that this build holds.
const VolumeKernels& portable_volume_kernels();
#ifdef MUSCLEMAP_X86_KERNELS
const VolumeKernels& avx2_volume_kernels();
const VolumeKernels& avx512_volume_kernels();
#endif

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_VOLUME_KERNELS_HPP_
