#include "base/isa.hpp"

#include <cstdlib>

#include "musclemap/error.hpp"

namespace musclemap::base {
namespace {

constexpr Isa kAll[] = {Isa::portable, Isa::avx2, Isa::avx512};

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

// What the user allows.
Isa greatest_isa() {
  const char* named = std::getenv("MUSCLEMAP_MAX_ISA");
  if (named == nullptr || *named == '\0') return Isa::avx512;
  for (const Isa isa : kAll) {
    if (std::string(named) == isa_name(isa)) return isa;
  }
  throw Error(ErrorCode::argument,
              std::string("MUSCLEMAP_MAX_ISA is '") + named + "'; it may be portable, avx2 or avx512");
}

}  // namespace

const char* isa_name(Isa isa) {
  switch (isa) {
    case Isa::avx2:
      return "avx2";
    case Isa::avx512:
      return "avx512";
    case Isa::portable:
      break;
  }
  return "portable";
}

std::vector<Isa> isas_here() {
  std::vector<Isa> isas;
  for (const Isa isa : kAll) {
    if (has_isa(isa)) isas.push_back(isa);
  }
  return isas;
}

Isa best_isa() {
  const Isa greatest = greatest_isa();
  Isa best = Isa::portable;
  for (const Isa isa : isas_here()) {
    if (isa <= greatest) best = isa;
  }
  return best;
}

std::vector<std::string> cpu_features() {
  std::vector<std::string> features;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") != 0) features.emplace_back("avx2");
  if (__builtin_cpu_supports("fma") != 0) features.emplace_back("fma");
  if (__builtin_cpu_supports("avx512f") != 0) features.emplace_back("avx512f");
  if (__builtin_cpu_supports("avx512vnni") != 0) features.emplace_back("avx512vnni");
#endif
  return features;
}

}  // namespace musclemap::base
