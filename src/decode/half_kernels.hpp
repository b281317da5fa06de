// Rows of halves (base/half.hpp), for each instruction set.
#ifndef MUSCLEMAP_DECODE_HALF_KERNELS_HPP_
#define MUSCLEMAP_DECODE_HALF_KERNELS_HPP_

#include <cstdint>

#include "base/isa.hpp"

namespace musclemap::decode {

/// The same results with every instruction set.
struct HalfKernels {
  /// The class of the highest half of each of `count` pixels, the lowest class on ties; what is no number
  /// never wins, and class 0 does where nothing else is there. The halves of a class lie together, those of
  /// the next one `apart` halves further on.
  void (*best)(const std::uint16_t* scores, std::int64_t classes, std::int64_t apart, std::int64_t count,
               std::uint16_t* classes_out);
  /// Exact.
  void (*to_floats)(const std::uint16_t* halves, std::int64_t count, float* floats);
};

const HalfKernels& half_kernels_for(base::Isa isa);

// The tables that this build holds.
const HalfKernels& portable_half_kernels();
#ifdef MUSCLEMAP_X86_KERNELS
const HalfKernels& avx2_half_kernels();
const HalfKernels& avx512_half_kernels();
#endif

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_HALF_KERNELS_HPP_
