#include "task/chunks.hpp"

#include <algorithm>

#include "image/oriented_slices.hpp"
#include "image/requantise.hpp"

namespace musclemap::task {

Volume read_chunk(SlabReader& image, std::int64_t k_begin, std::int64_t k_count) {
  Geometry geometry = image.geometry();
  geometry.shape[2] = k_count;
  Volume chunk = Volume::zeros(geometry, DType::f32);
  const VoxelView<float> to = chunk.mutable_view<float>();
  image::OrientedSlices slices(image, image::Orientation{});
  for (std::int64_t k = 0; k < k_count; ++k) {
    const image::Slice slice = slices.slice(k_begin + k);
    const float* value = slice->data();
    for (std::int64_t i = 0; i < geometry.shape[0]; ++i) {
      for (std::int64_t j = 0; j < geometry.shape[1]; ++j) to(i, j, k) = *value++;
    }
  }
  const auto count = static_cast<std::size_t>(geometry.shape[0] * geometry.shape[1] * geometry.shape[2]);
  image::requantise(to.data, count, image.stored_dtype());
  return chunk;
}

}  // namespace musclemap::task
