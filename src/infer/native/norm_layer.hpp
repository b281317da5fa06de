// A norm and the activation behind it: what the next layer applies while it loads a map.
#ifndef MUSCLEMAP_INFER_NATIVE_NORM_LAYER_HPP_
#define MUSCLEMAP_INFER_NATIVE_NORM_LAYER_HPP_

#include <string>
#include <vector>

#include "infer/native/moments.hpp"
#include "infer/network.hpp"
#include "net/tensor.hpp"

namespace musclemap::infer::native {

/// One value per channel, filled up to whole blocks so that channels that only fill stay zero.
struct NormLayer {
  std::vector<double> weight;
  std::vector<double> bias;
  std::vector<float> slope;  ///< of negative values
  /// Batch norm: given once for all; empty: measured in every map.
  std::vector<double> mean;
  std::vector<double> variance;

  bool measures() const { return mean.empty(); }
  /// scale x + shift is the normalised value. `moments` are those of the map, if measures().
  void scale_and_shift(const ChannelMoments& moments, float* scale, float* shift) const;
};

/// The one behind the convolution of that name. A batch norm takes in the convolution's bias, which the
/// convolution leaves out.
NormLayer make_norm(const UNetSpec& spec, const net::StateDict& weights, const std::string& convolution,
                    int channels);

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_NORM_LAYER_HPP_
