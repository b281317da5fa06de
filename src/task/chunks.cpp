#include "task/chunks.hpp"

#include <algorithm>

#include "image/oriented_field.hpp"
#include "image/requantise.hpp"

namespace musclemap::task {

std::vector<Chunk> chunks_of(std::int64_t slices, std::int64_t chunk_slices) {
  if (chunk_slices <= 0 || chunk_slices >= slices) return {{0, slices}};
  std::vector<Chunk> chunks;
  for (std::int64_t begin = 0; begin < slices; begin += chunk_slices)
    chunks.push_back({begin, std::min(chunk_slices, slices - begin)});
  return chunks;
}

Volume read_chunk(SlabReader& image, const Chunk& chunk) {
  Geometry geometry = image.geometry();
  geometry.shape[2] = chunk.count;
  Volume volume = Volume::zeros(geometry, DType::f32);
  const VoxelView<float> to = volume.mutable_view<float>();
  image::OrientedField field(image, image::Orientation{});
  const image::Block all = image::whole(image.geometry().shape);
  for (std::int64_t k = 0; k < chunk.count; ++k) {
    const std::vector<float> slice = field.values(image::slice_of(all, chunk.begin + k));
    const float* value = slice.data();
    for (std::int64_t i = 0; i < geometry.shape[0]; ++i) {
      for (std::int64_t j = 0; j < geometry.shape[1]; ++j) to(i, j, k) = *value++;
    }
  }
  const auto count = static_cast<std::size_t>(geometry.shape[0] * geometry.shape[1] * geometry.shape[2]);
  image::requantise(to.data, count, image.stored_dtype());
  return volume;
}

}  // namespace musclemap::task
