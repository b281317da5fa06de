#include "quant/mixture_posterior.hpp"

#include <algorithm>
#include <cmath>

namespace musclemap::quant {

MixturePosterior::MixturePosterior(const TissueFit& fit)
    : components_(std::min(fit.components.size(), kMostComponents)) {
  constexpr double kTwoPi = 6.283185307179586476925;
  for (std::size_t c = 0; c < components_; ++c) {
    const TissueComponent& component = fit.components[c];
    constant_[c] = std::log(component.weight) - std::log(kTwoPi * component.variance) / 2;
    mean_[c] = component.mean;
    half_precision_[c] = 0.5 / component.variance;
  }
}

MixturePosterior::Probabilities MixturePosterior::at(double x) const {
  Probabilities p{};
  double largest = -INFINITY;
  for (std::size_t c = 0; c < components_; ++c) {
    const double d = x - mean_[c];
    p[c] = constant_[c] - d * d * half_precision_[c];
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
