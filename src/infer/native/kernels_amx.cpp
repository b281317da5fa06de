// The kernels for AVX-512 with tiles of bfloat16 (Intel AMX).
#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 is wrong about its own intrinsics, whose don't-care operand is initialised with itself.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include "infer/native/amx_tiles.hpp"
#include "infer/native/kernel_tables.hpp"
#include "infer/native/split_numbers.hpp"
#include "infer/native/tile_product.hpp"
#include "infer/native/vector_amx.hpp"

namespace musclemap::infer::native {

const Kernels& amx_kernels() {
  static const Kernels table = with_split<AmxVector, TileProduct<AmxTiles<struct WithAmx>>>(avx512_kernels());
  return table;
}

}  // namespace musclemap::infer::native
