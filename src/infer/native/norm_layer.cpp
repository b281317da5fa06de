#include "infer/native/norm_layer.hpp"

#include <algorithm>
#include <cmath>

#include "infer/native/layer.hpp"

namespace musclemap::infer::native {
namespace {

// Values of a parameter, or `otherwise` where the network has none; one value stands for all channels.
std::vector<double> values_of(const net::StateDict& weights, const std::string& name, int channels,
                              double otherwise) {
  std::vector<double> result(static_cast<std::size_t>(channels), otherwise);
  const auto found = std::find_if(weights.begin(), weights.end(),
                                  [&](const net::NamedTensor& tensor) { return tensor.name == name; });
  if (found == weights.end()) return result;
  const std::vector<float>& values = found->tensor.values;
  for (std::size_t c = 0; c < result.size(); ++c) {
    result[c] = static_cast<double>(values[values.size() == 1 ? 0 : c]);
  }
  return result;
}

}  // namespace

void NormLayer::scale_and_shift(const ChannelMoments& moments, float* scale, float* shift) const {
  const std::vector<double>& means = measures() ? moments.mean : mean;
  const std::vector<double>& variances = measures() ? moments.variance : variance;
  for (std::size_t c = 0; c < weight.size(); ++c) {
    const double factor = weight[c] / std::sqrt(variances[c] + kNormEpsilon);
    scale[c] = static_cast<float>(factor);
    shift[c] = static_cast<float>(bias[c] - means[c] * factor);
  }
}

NormLayer make_norm(const UNetSpec& spec, const net::StateDict& weights, const std::string& convolution,
                    int channels) {
  const std::string adn = adn_of(convolution);
  const auto padded = static_cast<std::size_t>(blocks_of(channels) * kLanes);
  NormLayer layer;
  layer.weight = values_of(weights, adn + ".N.weight", channels, 1);
  layer.bias = values_of(weights, adn + ".N.bias", channels, 0);
  const std::vector<double> slopes = values_of(weights, adn + ".A.weight", channels, spec.negative_slope);
  layer.slope.assign(slopes.begin(), slopes.end());
  if (spec.norm == Norm::batch) {
    layer.mean = values_of(weights, adn + ".N.running_mean", channels, 0);
    layer.variance = values_of(weights, adn + ".N.running_var", channels, 1);
    const std::vector<double> before = values_of(weights, convolution + ".bias", channels, 0);
    for (std::size_t c = 0; c < before.size(); ++c) layer.mean[c] -= before[c];
    layer.mean.resize(padded, 0);
    layer.variance.resize(padded, 1);
  }
  layer.weight.resize(padded, 0);
  layer.bias.resize(padded, 0);
  layer.slope.resize(padded, 0);
  return layer;
}

}  // namespace musclemap::infer::native
