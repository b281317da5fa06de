#include "infer/native/norm_layer.hpp"

#include <cmath>

namespace musclemap::infer::native {

void NormLayer::scale_and_shift(const double* means, const double* variances, float* scale,
                                float* shift) const {
  if (!measures()) {
    means = mean.data();
    variances = variance.data();
  }
  for (std::size_t c = 0; c < weight.size(); ++c) {
    const double factor = weight[c] / std::sqrt(variances[c] + epsilon);
    scale[c] = static_cast<float>(factor);
    shift[c] = static_cast<float>(bias[c] - means[c] * factor);
  }
}

void NormLayer::shift_of_vector(const float* vector, float* shift) const {
  for (std::size_t c = 0; c < weight.size(); ++c) {
    const double factor = weight[c] / std::sqrt(variance[c] + epsilon);
    shift[c] = static_cast<float>(bias[c] + (static_cast<double>(vector[c]) - mean[c]) * factor);
  }
}

}  // namespace musclemap::infer::native
