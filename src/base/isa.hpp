// Which instruction sets there are kernels for, and which of them this machine has.
#ifndef MUSCLEMAP_BASE_ISA_HPP_
#define MUSCLEMAP_BASE_ISA_HPP_

#include <cstdint>
#include <string>
#include <vector>

namespace musclemap::base {

/// Slowest first; a machine that has one has those before it.
enum class Isa : std::uint8_t {
  portable,
  avx2,    ///< with FMA and F16C
  avx512,  ///< F, DQ, VL and BW
  amx,     ///< tiles of bfloat16, and AVX512_BF16
};

/// "portable", "avx2", ..
const char* isa_name(Isa isa);

/// Those that this machine runs and the library was built with, slowest first.
std::vector<Isa> isas_here();

/// The fastest that this machine has. MUSCLEMAP_MAX_ISA=portable|avx2|avx512|amx in the environment holds it
/// back. Errors: `argument` for another value of the variable.
Isa best_isa();

/// What matters of this processor, by the names that Linux has for them: "avx2", "fma", ..
std::vector<std::string> cpu_features();

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_ISA_HPP_
