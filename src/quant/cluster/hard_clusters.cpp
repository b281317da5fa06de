#include "quant/cluster/hard_clusters.hpp"

#include <algorithm>

#include "base/isa.hpp"
#include "image/labels/label_runs.hpp"
#include "quant/cluster/mixture_kernels.hpp"

namespace musclemap::quant {
namespace {

struct Sums {
  std::int64_t voxels = 0;
  long double first = 0;
  long double second = 0;
  double low = 0;
  double high = 0;

  long double mean() const { return first / static_cast<long double>(voxels); }
  long double variance() const {
    return low == high ? 0 : std::max(second / static_cast<long double>(voxels) - mean() * mean(), 0.0L);
  }
};

// Calls body(begin, end) for every stretch of one label; there is at least one value.
template <class Body>
void for_each_interval(const ClusterLabels& labels, const Body& body) {
  constexpr std::size_t kAtOnce = 64;
  std::size_t begin = 0;
  std::size_t i = 1;
  for (; i + kAtOnce <= labels.size(); i += kAtOnce) {
    for (std::uint64_t bits = image::changes(labels.data() + i); bits != 0; bits &= bits - 1) {
      const std::size_t end = i + static_cast<std::size_t>(__builtin_ctzll(bits));
      body(begin, end);
      begin = end;
    }
  }
  for (; i < labels.size(); ++i) {
    if (labels[i] == labels[i - 1]) continue;
    body(begin, i);
    begin = i;
  }
  body(begin, labels.size());
}

// Two clusters: the first is muscle only if its mean is lower. Three: sorted, equal means keep their order.
std::array<std::size_t, 3> tissue_order(const std::array<Sums, 3>& sums, int k) {
  std::array<std::size_t, 3> order{0, 1, 2};
  if (k == 2) {
    if (!(sums[0].mean() < sums[1].mean())) order = {1, 0, 2};
  } else {
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return sums[a].mean() < sums[b].mean(); });
  }
  return order;
}

}  // namespace

ClusterLabels labels_of(const DistinctValues& values, const Splits& splits) {
  ClusterLabels labels(values.size(), 2);
  const auto begin = labels.begin();
  std::fill(begin, begin + static_cast<std::ptrdiff_t>(splits[0]), std::uint8_t{0});
  std::fill(begin + static_cast<std::ptrdiff_t>(splits[0]), begin + static_cast<std::ptrdiff_t>(splits[1]),
            std::uint8_t{1});
  return labels;
}

ClusterLabels labels_of(const DistinctValues& values, const CentredSums& sums, int k,
                        const Gaussians& gaussians) {
  ClusterLabels labels(values.size());
  mixture_kernels_for(base::best_isa())
      .labels(values.value.data(), values.size(), sums.origin(), log_densities(gaussians, k).data(), k,
              labels.data());
  return labels;
}

Clusters clusters_of(const DistinctValues& values, const CentredSums& sums, int k,
                     const ClusterLabels& labels) {
  std::array<Sums, 3> cluster;
  const auto origin = static_cast<long double>(sums.origin());
  // Clusters are intervals, or a few of them.
  for_each_interval(labels, [&](std::size_t begin, std::size_t end) {
    Sums& mine = cluster[labels[begin]];
    if (mine.voxels == 0) mine.low = values.value[begin];
    mine.high = values.value[end - 1];
    mine.voxels += sums.weight(begin, end);
    mine.first += sums.sum(begin, end);
    mine.second += sums.square(begin, end);
  });
  Clusters result;
  const auto used = static_cast<std::size_t>(k);
  result.complete =
      std::all_of(cluster.begin(), cluster.begin() + k, [](const Sums& c) { return c.voxels > 0; });
  if (!result.complete) return result;
  const auto total = static_cast<double>(sums.weight(0, sums.size()));
  for (std::size_t j = 0; j < used; ++j) {
    result.component[j] = {static_cast<double>(cluster[j].voxels) / total,
                           static_cast<double>(origin + cluster[j].mean()),
                           static_cast<double>(cluster[j].variance())};
  }
  result.order = tissue_order(cluster, k);
  result.muscle_max = cluster[result.order[0]].high;
  if (k == 3) result.fat_min = cluster[result.order[2]].low;
  return result;
}

TissuePercent percent_of(const DistinctValues& values, const CentredSums& sums, int k,
                         const Clusters& clusters) {
  const auto begin = values.value.begin();
  const auto end = values.value.end();
  const double per_voxel = 100 / static_cast<double>(sums.weight(0, sums.size()));
  const auto voxels = [&](std::ptrdiff_t from, std::ptrdiff_t to) {
    return static_cast<double>(sums.weight(static_cast<std::size_t>(from), static_cast<std::size_t>(to)));
  };
  if (k == 2) {
    const double muscle = voxels(0, std::upper_bound(begin, end, clusters.muscle_max) - begin) * per_voxel;
    return {muscle, 100 - muscle};
  }
  return {voxels(0, std::lower_bound(begin, end, clusters.muscle_max) - begin) * per_voxel,
          voxels(std::lower_bound(begin, end, clusters.fat_min) - begin, end - begin) * per_voxel};
}

}  // namespace musclemap::quant
