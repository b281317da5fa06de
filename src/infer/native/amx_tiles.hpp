// The unit of tile_product.hpp on Intel AMX. The instructions name their registers in the text of the
// program, hence the chains of cases.
#ifndef MUSCLEMAP_INFER_NATIVE_AMX_TILES_HPP_
#define MUSCLEMAP_INFER_NATIVE_AMX_TILES_HPP_

#include <immintrin.h>

#include <cstdint>

namespace musclemap::infer::native {

template <class Kind>
class AmxTiles {
 public:
  /// All registers with 16 rows of 64 bytes.
  static void begin() { _tile_loadconfig(kConfiguration); }
  static void end() { _tile_release(); }

  template <int R>
  static void zero() {
    if constexpr (R == 0) _tile_zero(0);
    if constexpr (R == 1) _tile_zero(1);
    if constexpr (R == 2) _tile_zero(2);
    if constexpr (R == 3) _tile_zero(3);
    if constexpr (R == 4) _tile_zero(4);
    if constexpr (R == 5) _tile_zero(5);
  }
  template <int R>
  static void load(const void* from, std::int64_t stride) {
    if constexpr (R == 6) _tile_loadd(6, from, stride);
    if constexpr (R == 7) _tile_loadd(7, from, stride);
  }
  template <int R>
  static void dot() {
    if constexpr (R == 0) _tile_dpbf16ps(0, 6, 7);
    if constexpr (R == 1) _tile_dpbf16ps(1, 6, 7);
    if constexpr (R == 2) _tile_dpbf16ps(2, 6, 7);
    if constexpr (R == 3) _tile_dpbf16ps(3, 6, 7);
    if constexpr (R == 4) _tile_dpbf16ps(4, 6, 7);
    if constexpr (R == 5) _tile_dpbf16ps(5, 6, 7);
  }
  template <int R>
  static void store(void* to, std::int64_t stride) {
    if constexpr (R == 0) _tile_stored(0, to, stride);
    if constexpr (R == 1) _tile_stored(1, to, stride);
    if constexpr (R == 2) _tile_stored(2, to, stride);
    if constexpr (R == 3) _tile_stored(3, to, stride);
    if constexpr (R == 4) _tile_stored(4, to, stride);
    if constexpr (R == 5) _tile_stored(5, to, stride);
  }

 private:
  // Intel SDM, volume 1, "TILECFG": palette, start row, 14 bytes of nothing, bytes a row of each register (16
  // bits each, lower byte first), rows of each. A constant: GCC does not know that the instruction reads all
  // of it.
  alignas(64) static constexpr std::uint8_t kConfiguration[64] = {
      1,  0,  0,  0,  0,  0,  0,  0,  0,  0, 0,  0, 0,  0, 0,  0,  //
      64, 0,  64, 0,  64, 0,  64, 0,  64, 0, 64, 0, 64, 0, 64, 0,  //
      0,  0,  0,  0,  0,  0,  0,  0,  0,  0, 0,  0, 0,  0, 0,  0,  //
      16, 16, 16, 16, 16, 16, 16, 16, 0,  0, 0,  0, 0,  0, 0,  0};
};

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_AMX_TILES_HPP_
