#include "quant/cluster/fit_check.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace musclemap::quant {
namespace {

// Two equal Gaussians at Ashman's D = 2, below which a mixture of them has one peak (Ashman, Bird & Zepf
// 1994), confuse this share of their voxels: the normal distribution's tail beyond 1.
constexpr double kMostConfusion = 0.1587;

// k-means cuts anything in two. Where it cuts one Gaussian in half, 31 % of the voxels lie in the middle half
// of the way from mean to mean; where there is muscle and fat, few do.
constexpr double kMostInTheMiddle = 0.28;
// Fewer voxels say little about a share.
constexpr std::int64_t kEnoughVoxels = 100;

bool between(double x, double low, double high) { return low <= x && x <= high; }

// Every threshold lies between the means of the classes that it divides.
bool plausible(const TissueFit& fit) {
  const std::vector<TissueComponent>& c = fit.components;
  if (!between(fit.muscle_max, c[0].mean, c[1].mean)) return false;
  return c.size() == 2 || between(fit.fat_min, c[1].mean, c[2].mean);
}

bool cut_in_the_middle(const TissueFit& fit, const DistinctValues& values, const CentredSums& sums) {
  // With three clusters the one between takes what lies in the middle.
  if (fit.components.size() != 2 || fit.voxels < kEnoughVoxels) return false;
  const double low = fit.components[0].mean;
  const double quarter = (fit.components[1].mean - low) / 4;
  const auto at = [&](double x) {
    return static_cast<std::size_t>(std::lower_bound(values.value.begin(), values.value.end(), x) -
                                    values.value.begin());
  };
  const auto inside = static_cast<double>(sums.weight(at(low + quarter), at(low + 3 * quarter)));
  return inside > kMostInTheMiddle * static_cast<double>(fit.voxels);
}

double log_height(const TissueComponent& gaussian, double x) {
  const double away = x - gaussian.mean;
  return std::log(gaussian.weight) - 0.5 * std::log(gaussian.variance) -
         0.5 * away * away / gaussian.variance;
}

}  // namespace

double expected_confusion(const std::vector<TissueComponent>& gaussians) {
  constexpr double kStep = 0.05;
  constexpr int kSteps = 80;                      // to four standard deviations on either side
  constexpr double kHeight = 0.3989422804014327;  // of the normal distribution
  double confused = 0;
  for (std::size_t mine = 0; mine < gaussians.size(); ++mine) {
    const double deviation = std::sqrt(gaussians[mine].variance);
    for (int step = -kSteps; step <= kSteps; ++step) {
      const double z = kStep * step;
      const double x = gaussians[mine].mean + z * deviation;
      const double own = log_height(gaussians[mine], x);
      const bool lost = std::any_of(gaussians.begin(), gaussians.end(),
                                    [&](const TissueComponent& other) { return log_height(other, x) > own; });
      if (lost) confused += gaussians[mine].weight * kHeight * std::exp(-0.5 * z * z) * kStep;
    }
  }
  return confused;
}

LabelStatus checked_fit(const TissueFit& fit, TissueMethod method, const DistinctValues& values,
                        const CentredSums& sums) {
  if (!plausible(fit)) return LabelStatus::implausible;
  const bool overlap = method == TissueMethod::gmm ? expected_confusion(fit.components) > kMostConfusion
                                                   : cut_in_the_middle(fit, values, sums);
  return overlap ? LabelStatus::overlapping : LabelStatus::ok;
}

}  // namespace musclemap::quant
