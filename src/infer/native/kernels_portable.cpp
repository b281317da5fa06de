// The kernels for any machine.
#include "infer/native/kernel_tables.hpp"
#include "infer/native/make_kernels.hpp"
#include "infer/native/plain_tiles.hpp"
#include "infer/native/split_numbers.hpp"
#include "infer/native/tile_product.hpp"
#include "infer/native/vector_portable.hpp"

namespace musclemap::infer::native {

const Kernels& portable_kernels() {
  static constexpr Kernels kTable =
      with_split<PortableVector, TileProduct<PlainTiles>>(make_kernels<PortableVector>());
  return kTable;
}

}  // namespace musclemap::infer::native
