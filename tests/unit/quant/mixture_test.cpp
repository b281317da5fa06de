#include "quant/cluster/mixture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "quant/cluster/hard_clusters.hpp"
#include "quant/cluster/kmeans.hpp"
#include "quant/cluster/mixture_starts.hpp"
#include "quant/cluster/value_bins.hpp"
#include "support/catch.hpp"
#include "unit/quant/samples.hpp"

namespace musclemap::quant {
namespace {

bool about(double a, double b) { return std::abs(a - b) <= 2e-10; }

// The values of the first value in the second and third cluster.
std::array<double, 2> split_values(const DistinctValues& values, const Mixture& mixture) {
  return {values.value[mixture.start[0]],
          mixture.start[1] < values.size() ? values.value[mixture.start[1]] : 0};
}

EmResult em_from(const DistinctValues& values, const Splits& start, const EmStop& stop) {
  const CentredSums sums(values);
  const int k = start[1] < values.size() ? 3 : 2;
  EmResult result = maximise(MixtureData(values, sums), k, gaussians_of(sums, k, start), stop);
  for (TissueComponent& gaussian : result.gaussians) gaussian.mean += sums.origin();
  return result;
}

Clusters clusters_after(const DistinctValues& values, const CentredSums& sums, int k,
                        const Mixture& mixture) {
  return clusters_of(values, sums, k, labels_of(values, sums, k, mixture.em.gaussians));
}

const EmStop kCompat{1e-3, 1000};

}  // namespace

TEST_CASE("EM takes the steps of the reference", "[quant]") {
  const DistinctValues values = skewed_sample();
  const Splits before_140{6, values.size()};
  const double bounds[] = {-4.5586964952, -4.5540134375, -4.5519811947,
                           -4.5504524812, -4.5492406150, -4.5482664924};
  for (int steps = 1; steps <= 6; ++steps) {
    const EmResult result = em_from(values, before_140, {1e-3, steps});
    CHECK(result.iterations == steps);
    CHECK(about(result.bound, bounds[steps - 1]));
  }
  const EmResult result = em_from(values, before_140, kCompat);
  CHECK(result.iterations == 6);
  CHECK(about(result.gaussians[0].weight, 0.7095994051));
  CHECK(about(result.gaussians[1].weight, 0.2904005949));
  CHECK(about(result.gaussians[0].mean, 104.2863641172));
  CHECK(about(result.gaussians[1].mean, 157.3204699440));
  CHECK(about(result.gaussians[0].variance, 140.4693985954));
  CHECK(about(result.gaussians[1].variance, 451.9958346929));
  // One more step: its bound is the likelihood of the parameters above.
  CHECK(about(em_from(values, before_140, {0, 7}).bound, -4.5474755112));
}

TEST_CASE("the mixture of two components has the reference's starts and winner", "[quant]") {
  const DistinctValues values = skewed_sample();
  const CentredSums sums(values);
  CHECK(best_splits(sums, 2) == Splits{6, values.size()});
  const std::vector<Mixture> mixtures = fit_mixtures(values, sums, 2, MixtureStop::compat);
  REQUIRE(mixtures.size() == 2);
  CHECK(split_values(values, mixtures[0])[0] == 130);
  CHECK(split_values(values, mixtures[1])[0] == 140);
  CHECK(mixtures[0].em.iterations == 3);
  CHECK(about(mixtures[0].em.bound, -4.5447799251));
  CHECK(ranked(mixtures, true).front() == 0);
  const Gaussians& winner = mixtures[0].em.gaussians;
  CHECK(about(winner[0].weight, 0.6779521983));
  CHECK(about(winner[1].weight, 0.3220478017));
  CHECK(about(winner[0].mean + sums.origin(), 103.4413546483));
  CHECK(about(winner[1].mean + sums.origin(), 153.8877333094));
  CHECK(about(winner[0].variance, 124.4744520829));
  CHECK(about(winner[1].variance, 529.4793320174));
}

TEST_CASE("EM converges to the maximum likelihood", "[quant]") {
  const EmResult result = em_from(skewed_sample(), {6, 13}, {1e-10, 5000});
  CHECK(result.iterations == 97);
  CHECK(about(result.gaussians[0].mean, 102.8542120818));
  CHECK(about(result.gaussians[1].mean, 150.2658135158));
  CHECK(about(result.bound, -4.5435951810));
}

TEST_CASE("the mixture of three components has the reference's starts and winner", "[quant]") {
  struct Row {
    std::array<double, 2> start;
    double bound;
    int iterations;
    double muscle_max;
    double fat_min;
    bool collapsed;
  };
  const std::vector<Row> table{
      {{100, 140}, -3.589611311, 10, 90, 130, true},  {{110, 140}, -4.539842694, 7, 100, 140, false},
      {{110, 150}, -4.538602251, 7, 100, 140, false}, {{120, 150}, -4.537106191, 5, 110, 150, false},
      {{120, 160}, -4.537345911, 5, 110, 160, false}, {{130, 160}, -4.540291862, 5, 120, 160, false},
      {{130, 170}, -4.541573962, 4, 120, 170, false}, {{140, 180}, -4.545611018, 8, 120, 180, false}};
  const DistinctValues values = skewed_sample();
  const CentredSums sums(values);
  const std::vector<Mixture> mixtures = fit_mixtures(values, sums, 3, MixtureStop::compat);
  REQUIRE(mixtures.size() == table.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    INFO(i);
    CHECK(split_values(values, mixtures[i]) == table[i].start);
    CHECK(std::abs(mixtures[i].em.bound - table[i].bound) <= 1e-9);
    CHECK(mixtures[i].em.iterations == table[i].iterations);
    CHECK(mixtures[i].collapsed == table[i].collapsed);
    const Clusters clusters = clusters_after(values, sums, 3, mixtures[i]);
    REQUIRE(clusters.complete);
    CHECK(clusters.muscle_max == table[i].muscle_max);
    CHECK(clusters.fat_min == table[i].fat_min);
  }
  CHECK(ranked(mixtures, true).front() == 3);
  CHECK(ranked(mixtures, false).front() == 0);
}

TEST_CASE("a wide component wins on both sides of a narrow one", "[quant]") {
  DistinctValues values;
  for (int i = 0; i <= 2000; ++i) {
    values.value.push_back(0.1 * i);
    values.count.push_back(1);
  }
  values.value.insert(values.value.end(), {74.569034620, 74.569034622, 123.145251092, 123.145251094});
  std::sort(values.value.begin(), values.value.end());
  values.count.resize(values.value.size(), 1);
  const CentredSums sums(values);
  Gaussians gaussians{TissueComponent{0.7, 100 - sums.origin(), 100},
                      TissueComponent{0.3, 140 - sums.origin(), 3600}};
  const ClusterLabels labels = labels_of(values, sums, 2, gaussians);
  int wrong = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool narrow = values.value[i] > 74.569034621 && values.value[i] < 123.145251093;
    if (labels[i] != (narrow ? 0 : 1)) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("a mixture does not depend on a shift of integers", "[quant]") {
  const DistinctValues values = mixture_sample(2, 3000, 1);
  DistinctValues shifted = values;
  for (double& value : shifted.value) value -= 20011;
  for (const int k : {2, 3}) {
    const std::vector<Mixture> a = fit_mixtures(values, CentredSums(values), k, MixtureStop::compat);
    const std::vector<Mixture> b = fit_mixtures(shifted, CentredSums(shifted), k, MixtureStop::compat);
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      CHECK(a[i].start == b[i].start);
      CHECK(a[i].em.bound == b[i].em.bound);
    }
  }
}

TEST_CASE("EM on bins stays near EM on the values", "[quant]") {
  const DistinctValues values = mixture_sample(3, 60000, 0);
  REQUIRE(values.size() > 50000);
  const CentredSums sums(values);
  for (const int k : {2, 3}) {
    const std::vector<Mixture> bins = fit_mixtures(values, sums, k, MixtureStop::compat);
    const std::vector<Mixture> exact = fit_mixtures(values, sums, k, MixtureStop::compat, 1, values.size());
    REQUIRE(bins.size() == exact.size());
    CHECK(bins.size() < 60);
    for (std::size_t i = 0; i < bins.size(); ++i) {
      CHECK(bins[i].em.iterations == exact[i].em.iterations);
      CHECK(std::abs(bins[i].em.bound - exact[i].em.bound) < 1e-4);
      const Clusters a = clusters_after(values, sums, k, bins[i]);
      const Clusters b = clusters_after(values, sums, k, exact[i]);
      const TissuePercent p = percent_of(values, sums, k, a);
      const TissuePercent q = percent_of(values, sums, k, b);
      CHECK(std::abs(p.muscle - q.muscle) < 0.01);
      CHECK(std::abs(p.fat - q.fat) < 0.01);
    }
  }
}

TEST_CASE("mixtures are the same with any number of threads", "[quant]") {
  const DistinctValues values = mixture_sample(3, 20000, 0);
  const CentredSums sums(values);
  const std::vector<Mixture> one = fit_mixtures(values, sums, 3, MixtureStop::compat, 1);
  const std::vector<Mixture> three = fit_mixtures(values, sums, 3, MixtureStop::compat, 3);
  REQUIRE(one.size() == three.size());
  for (std::size_t n = 0; n < one.size(); ++n) {
    CHECK(one[n].start == three[n].start);
    CHECK(one[n].em.bound == three[n].em.bound);
    CHECK(one[n].em.gaussians[2].mean == three[n].em.gaussians[2].mean);
  }
}

TEST_CASE("an outlier does not make the bins too wide", "[quant]") {
  DistinctValues values = mixture_sample(3, 20000, 0);
  REQUIRE(values.size() > MixtureData::kBins);
  const CentredSums plain(values);
  CHECK(MixtureData(values, plain).values().inner_variance != nullptr);
  values.value.push_back(1e7);
  values.count.push_back(1);
  const CentredSums sums(values);
  const MixtureData data(values, sums);
  CHECK(data.values().size == values.size());
  CHECK(data.values().inner_variance == nullptr);
  CHECK(mixture_starts(values, sums, 2, best_splits(sums, 2)).size() < 60);
}

TEST_CASE("bins hold each value once, and need a range that can be divided", "[quant]") {
  const std::vector<double> values{0, 0.5, 1, 1.5, 2, 3.9, 4};
  CHECK(bin_borders(values, 4) == std::vector<std::size_t>{0, 2, 4, 5, 7});
  CHECK(bin_borders(values, 7).size() == 8);
  std::vector<double> tiny;
  for (int i = 0; i < 40; ++i) tiny.push_back(i * std::numeric_limits<double>::denorm_min());
  CHECK(bin_borders(tiny, 8).size() == 41);
  CHECK(bin_borders({-1.7e308, 0, 1.7e308}, 2).size() == 4);
}

}  // namespace musclemap::quant
