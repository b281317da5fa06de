// Probabilities of a mixture's components: r_ij of MuscleMap spec, section 11.2.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "musclemap/tissue.hpp"
#include "quant/mixture_em.hpp"

namespace musclemap {

std::vector<double> posterior(const TissueFit& fit, double x) {
  std::vector<double> result;
  result.reserve(fit.components.size());
  double most = -std::numeric_limits<double>::infinity();
  for (const TissueComponent& component : fit.components) {
    result.push_back(quant::LogDensity(component)(x));
    most = std::max(most, result.back());
  }
  double sum = 0;
  for (double& share : result) {
    share = std::exp(share - most);
    sum += share;
  }
  for (double& share : result) share /= sum;
  return result;
}

}  // namespace musclemap
