#include "base/isa.hpp"

#include <cstdlib>

#ifdef MUSCLEMAP_X86_KERNELS
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "musclemap/error.hpp"

namespace musclemap::base {
namespace {

constexpr Isa kAll[] = {Isa::portable, Isa::avx2, Isa::avx512, Isa::amx};

#ifdef MUSCLEMAP_X86_KERNELS
// Linux gives a process the tiles' registers when it asks (Documentation/arch/x86/xstate.rst); where the
// processor has none, the system refuses.
bool ask_for_tiles() {
  constexpr long kRequestPermission = 0x1023;  // ARCH_REQ_XCOMP_PERM
  constexpr long kTileData = 18;               // XFEATURE_XTILEDATA
  return ::syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

// Not every compiler's own check knows F16C.
bool has_f16c() {
  constexpr unsigned kHalves = 1U << 29U;  // leaf 1, ECX: F16C
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & kHalves) != 0;
}

// Compilers' own checks know AMX by different names, or not at all.
bool has_amx() {
  constexpr unsigned kTiles = 1U << 24U;         // leaf 7, EDX: AMX-TILE
  constexpr unsigned kTilesOfBf16 = 1U << 22U;   // leaf 7, EDX: AMX-BF16
  constexpr unsigned kVectorsOfBf16 = 1U << 5U;  // leaf 7.1, EAX: AVX512_BF16
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  if ((d & kTiles) == 0 || (d & kTilesOfBf16) == 0) return false;
  if (__get_cpuid_count(7, 1, &a, &b, &c, &d) == 0 || (a & kVectorsOfBf16) == 0) return false;
  return ask_for_tiles();
}
#endif

bool has_isa(Isa isa) {
  if (isa == Isa::portable) return true;
#ifdef MUSCLEMAP_X86_KERNELS
  // The compiler's own checks ask the operating system (XGETBV) as well as the processor.
  const bool avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0 && has_f16c();
  if (isa == Isa::avx2) return avx2;
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") != 0 &&
                      __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0 &&
                      __builtin_cpu_supports("avx512bw") != 0;
  if (isa == Isa::avx512) return avx512;
  static const bool amx = has_amx();
  return avx512 && amx;
#else
  return false;
#endif
}

// What the user allows.
Isa greatest_isa() {
  const char* named = std::getenv("MUSCLEMAP_MAX_ISA");
  if (named == nullptr || *named == '\0') return Isa::amx;
  for (const Isa isa : kAll) {
    if (std::string(named) == isa_name(isa)) return isa;
  }
  throw Error(ErrorCode::argument,
              std::string("MUSCLEMAP_MAX_ISA is '") + named + "'; it may be portable, avx2, avx512 or amx");
}

}  // namespace

const char* isa_name(Isa isa) {
  switch (isa) {
    case Isa::avx2:
      return "avx2";
    case Isa::avx512:
      return "avx512";
    case Isa::amx:
      return "amx";
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
  for (const Isa isa : isas_here()) {
    if (isa == Isa::amx) features.emplace_back("amx_bf16");
  }
  return features;
}

}  // namespace musclemap::base
