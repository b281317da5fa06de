#include "musclemap/tissue.hpp"
#include "quant/cluster/mixture_posterior.hpp"

namespace musclemap {

std::vector<double> posterior(const TissueFit& fit, double x) {
  const quant::MixturePosterior mixture(fit);
  const quant::MixturePosterior::Probabilities p = mixture.at(x);
  return {p.begin(), p.begin() + static_cast<std::ptrdiff_t>(mixture.components())};
}

}  // namespace musclemap
