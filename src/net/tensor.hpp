// Named arrays of weights.
#ifndef MUSCLEMAP_NET_TENSOR_HPP_
#define MUSCLEMAP_NET_TENSOR_HPP_

#include <cstdint>
#include <string>
#include <vector>

namespace musclemap::net {

/// Dense array, last axis fastest, whatever strides and type the file had.
struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

struct NamedTensor {
  std::string name;
  Tensor tensor;
};

/// In the order of the file. Names are unique.
using StateDict = std::vector<NamedTensor>;

}  // namespace musclemap::net

#endif  // MUSCLEMAP_NET_TENSOR_HPP_
