#include "quant/cluster/label_fit.hpp"

#include <array>
#include <cmath>
#include <vector>

#include "quant/cluster/centred_sums.hpp"
#include "quant/cluster/fit_check.hpp"
#include "quant/cluster/hard_clusters.hpp"
#include "quant/cluster/kmeans.hpp"
#include "quant/cluster/mixture.hpp"

namespace musclemap::quant {
namespace {

// Starts whose bounds and percentages differ by less than these say the same (docs/chains/metrics.md,
// section 12.4).
constexpr double kBoundApart = 1e-3;
constexpr double kPercentApart = 2;

LabelStatus status_of(const DistinctValues& values, std::int64_t nonfinite, std::int64_t voxels,
                      const TissueOptions& options) {
  if (nonfinite > 0) return LabelStatus::nonfinite;
  if (options.method == TissueMethod::hu) return LabelStatus::ok;
  if (voxels < options.components) return LabelStatus::too_few_voxels;
  if (values.size() < static_cast<std::size_t>(options.components)) return LabelStatus::not_separable;
  return LabelStatus::ok;
}

bool contains(const IntensityRange& range, double x) { return range.low <= x && x <= range.high; }

// Muscle window, neither, fat window; a window without voxels has no mean.
void fit_windows(const DistinctValues& values, const TissueOptions& options, TissueFit& fit) {
  std::array<DistinctValues, 3> part;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = values.value[i];
    const int tissue = contains(options.fat_range, x) ? 2 : (contains(options.muscle_range, x) ? 0 : 1);
    part[tissue].value.push_back(x);
    part[tissue].count.push_back(values.count[i]);
  }
  for (const DistinctValues& voxels : part) {
    TissueComponent component{0, TissueFit::kNone, TissueFit::kNone};
    if (voxels.size() > 0) {
      const CentredSums sums(voxels);
      component.weight = static_cast<double>(voxels.total()) / static_cast<double>(values.total());
      component.mean = static_cast<double>(sums.origin() + sums.mean(0, voxels.size()));
      component.variance = static_cast<double>(sums.variance(0, voxels.size()));
    }
    fit.components.push_back(component);
  }
}

void take_clusters(const Clusters& clusters, int k, const std::array<TissueComponent, 3>& component,
                   TissueFit& fit) {
  fit.muscle_max = clusters.muscle_max;
  fit.fat_min = clusters.fat_min;
  for (std::size_t i = 0; i < static_cast<std::size_t>(k); ++i) {
    fit.components.push_back(component[clusters.order[i]]);
  }
}

void fit_kmeans(const DistinctValues& values, int k, TissueFit& fit) {
  const CentredSums sums(values);
  const Splits splits = best_splits(sums, k);
  const Clusters clusters = clusters_of(values, sums, k, labels_of(values, splits));
  take_clusters(clusters, k, clusters.component, fit);
  fit.objective = inertia(values, sums, splits);
  fit.status = checked_fit(fit, TissueMethod::kmeans, values, sums);
}

// Whether every start that could as well have won gives much the same percentages. One without a voxel in a
// cluster gives none, and is left out.
bool is_stable(const DistinctValues& values, const CentredSums& sums, const TissueOptions& options,
               const std::vector<Mixture>& mixtures, std::size_t best, const Clusters& clusters) {
  const int k = options.components;
  const TissuePercent percent = percent_of(values, sums, k, clusters);
  for (std::size_t i = 0; i < mixtures.size(); ++i) {
    const Mixture& other = mixtures[i];
    if (options.collapse_guard && other.collapsed) continue;
    if (i == best || std::abs(other.em.bound - mixtures[best].em.bound) > kBoundApart) continue;
    const Clusters others = clusters_of(values, sums, k, labels_of(values, sums, k, other.em.gaussians));
    if (!others.complete) continue;
    const TissuePercent p = percent_of(values, sums, k, others);
    if (std::abs(p.muscle - percent.muscle) > kPercentApart ||
        std::abs(p.fat - percent.fat) > kPercentApart) {
      return false;
    }
  }
  return true;
}

void fit_mixture(const DistinctValues& values, const TissueOptions& options, int threads, TissueFit& fit) {
  const int k = options.components;
  const bool guard = options.collapse_guard;
  const CentredSums sums(values);
  const std::vector<Mixture> mixtures = fit_mixtures(values, sums, k, options.stop, threads);
  fit.starts = static_cast<int>(mixtures.size());
  std::size_t best = 0;
  Clusters clusters;
  for (const std::size_t candidate : ranked(mixtures, guard)) {
    best = candidate;
    clusters = clusters_of(values, sums, k, labels_of(values, sums, k, mixtures[best].em.gaussians));
    // MuscleMap takes the first and fails where one of its components has no voxel.
    if (clusters.complete || !guard) break;
  }
  if (!clusters.complete) {
    fit.status = LabelStatus::not_separable;
    return;
  }
  const Mixture& winner = mixtures[best];
  Gaussians gaussians = winner.em.gaussians;
  for (TissueComponent& gaussian : gaussians) gaussian.mean += sums.origin();
  take_clusters(clusters, k, gaussians, fit);
  fit.status =
      guard && winner.collapsed ? LabelStatus::collapsed : checked_fit(fit, TissueMethod::gmm, values, sums);
  fit.objective = winner.em.bound;
  fit.iterations = winner.em.iterations;
  fit.stable = is_stable(values, sums, options, mixtures, best, clusters);
}

}  // namespace

TissueFit fit_label(std::int32_t label, const DistinctValues& values, std::int64_t nonfinite,
                    const TissueOptions& options, int threads) {
  TissueFit fit;
  fit.label = label;
  fit.voxels = values.total() + nonfinite;
  fit.status = status_of(values, nonfinite, fit.voxels, options);
  if (fit.status != LabelStatus::ok) return fit;
  if (options.method == TissueMethod::hu) fit_windows(values, options, fit);
  if (options.method == TissueMethod::kmeans) fit_kmeans(values, options.components, fit);
  if (options.method == TissueMethod::gmm) fit_mixture(values, options, threads, fit);
  return fit;
}

}  // namespace musclemap::quant
