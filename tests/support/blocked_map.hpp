// Maps of the native engine with memory of their own, and tensors of noise.
#ifndef MUSCLEMAP_TESTS_SUPPORT_BLOCKED_MAP_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_BLOCKED_MAP_HPP_

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "base/aligned.hpp"
#include "infer/native/layer.hpp"
#include "net/tensor.hpp"

namespace musclemap::test {

inline net::Tensor random_tensor(std::vector<std::int64_t> shape, std::mt19937& random) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  std::normal_distribution<float> normal;
  net::Tensor tensor{std::move(shape), {}};
  for (std::int64_t i = 0; i < count; ++i) tensor.values.push_back(normal(random));
  return tensor;
}

struct BlockedMap {
  base::AlignedFloats memory;
  infer::native::Map map;

  BlockedMap(int channels, const infer::native::Extent& extent)
      : memory(infer::native::blocks_of(channels) * extent.pixels() * infer::native::kLanes),
        map(infer::native::whole_map(memory.data(), infer::native::blocks_of(channels), extent)) {}
  /// `pixel` counts plane by plane, row by row.
  float& at(std::int64_t c, std::int64_t pixel) {
    const std::int64_t lanes = infer::native::kLanes;
    return map.block(static_cast<int>(c / lanes))[pixel * lanes + c % lanes];
  }
};

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_BLOCKED_MAP_HPP_
