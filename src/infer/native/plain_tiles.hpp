// The unit of tile_product.hpp in plain arithmetic, for machines without one: what others are compared with.
#ifndef MUSCLEMAP_INFER_NATIVE_PLAIN_TILES_HPP_
#define MUSCLEMAP_INFER_NATIVE_PLAIN_TILES_HPP_

#include <cstdint>

#include "infer/native/bfloat16.hpp"

namespace musclemap::infer::native {

class PlainTiles {
 public:
  static void begin() {}
  static void end() {}

  template <int R>
  static void zero() {
    __builtin_memset(registers[R], 0, sizeof registers[R]);
  }
  template <int R>
  static void load(const void* from, std::int64_t stride) {
    for (int row = 0; row < kRows; ++row) {
      __builtin_memcpy(registers[R][row], static_cast<const char*>(from) + row * stride, kBytes);
    }
  }
  template <int R>
  static void store(void* to, std::int64_t stride) {
    for (int row = 0; row < kRows; ++row) {
      __builtin_memcpy(static_cast<char*>(to) + row * stride, registers[R][row], kBytes);
    }
  }
  template <int R>
  static void dot() {
    for (int i = 0; i < kRows; ++i) {
      float sums[kRows];
      __builtin_memcpy(sums, registers[R][i], kBytes);
      for (int k = 0; k < kRows; ++k) {
        for (int c = 0; c < 2; ++c) {
          const float x = from_bfloat16(registers[6][i][2 * k + c]);
          for (int j = 0; j < kRows; ++j) sums[j] += x * from_bfloat16(registers[7][k][2 * j + c]);
        }
      }
      __builtin_memcpy(registers[R][i], sums, kBytes);
    }
  }

 private:
  static constexpr int kRows = 16;
  static constexpr int kBytes = 64;
  static inline thread_local std::uint16_t registers[8][kRows][kBytes / 2];
};

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_PLAIN_TILES_HPP_
