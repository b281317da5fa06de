// Slices from a caller's function.
#include "slab_source.hpp"

#include <algorithm>
#include <string>

#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap {
namespace {

using test::contains;
using test::error_of;

constexpr std::int64_t kSlices = 5;

/// Every voxel has the number of its slice.
std::int32_t number_slices(mm_slab_request* request, void* user_data) {
  const auto* refused = static_cast<const std::int64_t*>(user_data);
  if (refused != nullptr && request->k_begin == *refused) return 33;
  auto* voxel = static_cast<std::int16_t*>(request->voxels);
  const auto each = static_cast<std::int64_t>(request->byte_count) / 2 / request->k_count;
  for (std::int64_t k = 0; k < request->k_count; ++k)
    voxel = std::fill_n(voxel, each, static_cast<std::int16_t>(request->k_begin + k));
  return MM_OK;
}

mm_slab_source numbered_source(std::int64_t* refused = nullptr) {
  mm_slab_source source{};
  source.struct_size = sizeof source;
  source.dtype = MM_DTYPE_I16;
  source.shape[0] = 3;
  source.shape[1] = 2;
  source.shape[2] = kSlices;
  source.affine[0] = source.affine[5] = source.affine[15] = 1;
  source.affine[10] = 4;
  source.affine[11] = -7;
  source.read = number_slices;
  source.user_data = refused;
  return source;
}

TEST_CASE("capi: slabs of a caller lie where they belong", "[capi]") {
  const mm_slab_source source = numbered_source();
  capi::CallerSlabs slabs(&source);
  CHECK(slabs.geometry().shape == Index3{3, 2, kSlices});
  const Volume slab = slabs.read(3, 2);
  CHECK(slab.geometry().shape == Index3{3, 2, 2});
  CHECK(slab.geometry().to_world(2, 3) == -7 + 3 * 4);
  const auto view = slab.view<std::int16_t>();
  CHECK(view(0, 0, 0) == 3);
  CHECK(view(2, 1, 0) == 3);
  CHECK(view(2, 1, 1) == 4);
}

TEST_CASE("capi: slabs outside of a caller's volume are refused", "[capi]") {
  const mm_slab_source source = numbered_source();
  capi::CallerSlabs slabs(&source);
  CHECK(contains(error_of([&] { slabs.read(-1, 1); }), "argument/invalid: slices -1 to -1"));
  CHECK(contains(error_of([&] { slabs.read(4, 2); }), "slices 4 to 5 are asked for; there are 5"));
  CHECK(contains(error_of([&] { slabs.read(0, 0); }), "argument/invalid"));
}

TEST_CASE("capi: a caller's own number stands in the message", "[capi]") {
  std::int64_t refused = 1;
  const mm_slab_source source = numbered_source(&refused);
  capi::CallerSlabs slabs(&source);
  CHECK(error_of([&] { slabs.read(1, 2); }) == "io/io: the source does not give slices 1 to 2, answer 33");
}

TEST_CASE("capi: a wrong field of a slab source is named", "[capi]") {
  mm_slab_source source = numbered_source();
  source.dtype = 9;
  CHECK(contains(error_of([&] { capi::CallerSlabs slabs(&source); }), "source.dtype is 9; 1 to 6"));
  source = numbered_source();
  source.shape[1] = 0;
  CHECK(contains(error_of([&] { capi::CallerSlabs slabs(&source); }), "source.shape"));
  source = numbered_source();
  source.read = nullptr;
  CHECK(contains(error_of([&] { capi::CallerSlabs slabs(&source); }), "source.read is NULL"));
}

}  // namespace
}  // namespace musclemap
