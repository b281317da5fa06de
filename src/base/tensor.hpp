// Named arrays of weights.
#ifndef MUSCLEMAP_BASE_TENSOR_HPP_
#define MUSCLEMAP_BASE_TENSOR_HPP_

#include <cstdint>
#include <string>
#include <vector>

namespace musclemap::base {

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

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_TENSOR_HPP_
