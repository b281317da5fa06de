#include "quant/cluster/mixture_posterior.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace musclemap::quant {

MixturePosterior::MixturePosterior(const TissueFit& fit)
    : components_(std::min(fit.components.size(), kMostComponents)) {
  for (std::size_t c = 0; c < components_; ++c) density_[c] = LogDensity(fit.components[c]);
}

MixturePosterior::Probabilities MixturePosterior::at(double x) const {
  Probabilities p{};
  double largest = -std::numeric_limits<double>::infinity();
  for (std::size_t c = 0; c < components_; ++c) {
    p[c] = density_[c](x);
    largest = std::max(largest, p[c]);
  }
  double sum = 0;
  for (std::size_t c = 0; c < components_; ++c) {
    p[c] = std::exp(p[c] - largest);
    sum += p[c];
  }
  for (std::size_t c = 0; c < components_; ++c) p[c] /= sum;
  return p;
}

}  // namespace musclemap::quant
