// A norm and the activation behind it: what the next layer applies while it loads a map.
#ifndef MUSCLEMAP_INFER_NATIVE_NORM_LAYER_HPP_
#define MUSCLEMAP_INFER_NATIVE_NORM_LAYER_HPP_

#include <vector>

namespace musclemap::infer::native {

/// Where the activation of a concatenation's part begins among its channels.
struct JoinedPart {
  int activation = 0;
  int channel = 0;
};

/// One value per channel of the blocked map; those that only fill a block stay zero.
struct NormLayer {
  std::vector<double> weight;
  std::vector<double> bias;
  std::vector<float> slope;  ///< of negative values; 1: no activation
  /// Batch norm: given once for all; empty: measured in every map.
  std::vector<double> mean;
  std::vector<double> variance;
  double epsilon = 0;
  /// Of a concatenation: the activations of its parts; other channels are as given above.
  std::vector<JoinedPart> joined;

  bool measures() const { return mean.empty(); }
  /// scale x + shift is the normalised value. The arrays are of the map, if measures().
  void scale_and_shift(const double* means, const double* variances, float* scale, float* shift) const;
  /// The shift where a vector is added to the map in front of the norm, which does not measure.
  void shift_of_vector(const float* vector, float* shift) const;
};

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_NORM_LAYER_HPP_
