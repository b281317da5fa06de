#include <cstdlib>
#include <string>

#include "infer/native/isa_tables.hpp"
#include "musclemap/error.hpp"

namespace musclemap::infer::native {
namespace {

constexpr Isa kAll[] = {Isa::portable, Isa::avx2, Isa::avx512};

// What the user allows.
Isa greatest_isa() {
  const char* named = std::getenv("MUSCLEMAP_MAX_ISA");
  if (named == nullptr || *named == '\0') return Isa::avx512;
  const std::string text = named;
  if (text == "portable") return Isa::portable;
  if (text == "avx2") return Isa::avx2;
  if (text == "avx512") return Isa::avx512;
  throw Error(ErrorCode::argument, "MUSCLEMAP_MAX_ISA is '" + text + "'; it may be portable, avx2 or avx512");
}

}  // namespace

bool has_isa(Isa isa) {
  if (isa == Isa::portable) return true;
#ifdef MUSCLEMAP_X86_KERNELS
  // The compiler's own checks ask the operating system (XGETBV) as well as the processor.
  const bool avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
  if (isa == Isa::avx2) return avx2;
  return avx2 && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
         __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512bw") != 0;
#else
  return false;
#endif
}

Isa best_isa() {
  const Isa greatest = greatest_isa();
  Isa best = Isa::portable;
  for (const Isa isa : kAll) {
    if (isa <= greatest && has_isa(isa)) best = isa;
  }
  return best;
}

const Kernels& kernels_for(Isa isa) {
#ifdef MUSCLEMAP_X86_KERNELS
  if (isa == Isa::avx2) return avx2_kernels();
  if (isa == Isa::avx512) return avx512_kernels();
#endif
  static_cast<void>(isa);
  return portable_kernels();
}

}  // namespace musclemap::infer::native
