#include "quant/cluster/label_fit.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "musclemap/tissue.hpp"
#include "support/catch.hpp"
#include "unit/quant/samples.hpp"

namespace musclemap::quant {
namespace {

TissueOptions options_of(TissueMethod method, int components, bool guard = true) {
  TissueOptions options;
  options.method = method;
  options.components = components;
  options.collapse_guard = guard;
  return options;
}

LabelStatus status_after(const DistinctValues& values, std::int64_t nonfinite, TissueMethod method, int k) {
  const TissueFit fit = fit_label(5, values, nonfinite, options_of(method, k));
  CHECK(fit.label == 5);
  CHECK(fit.voxels == values.total() + nonfinite);
  CHECK(fit.components.empty() == !fit.divided());
  return fit.status;
}

bool equal(const TissueFit& a, const TissueFit& b) {
  const auto same = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
  bool result = a.status == b.status && a.voxels == b.voxels && same(a.muscle_max, b.muscle_max) &&
                same(a.fat_min, b.fat_min) && same(a.objective, b.objective) &&
                a.iterations == b.iterations && a.starts == b.starts && a.stable == b.stable &&
                a.components.size() == b.components.size();
  for (std::size_t i = 0; result && i < a.components.size(); ++i) {
    result = same(a.components[i].weight, b.components[i].weight) &&
             same(a.components[i].mean, b.components[i].mean) &&
             same(a.components[i].variance, b.components[i].variance);
  }
  return result;
}

}  // namespace

TEST_CASE("k-means of a label", "[quant]") {
  const TissueFit two =
      fit_label(1, sample({{0, 3}, {1, 2}, {9, 1}, {10, 4}}), 0, options_of(TissueMethod::kmeans, 2));
  CHECK(two.status == LabelStatus::ok);
  CHECK(two.voxels == 10);
  CHECK(two.muscle_max == 1);
  CHECK(std::isnan(two.fat_min));
  REQUIRE(two.components.size() == 2);
  CHECK(two.components[0].weight == 0.5);
  CHECK(near(two.components[0].mean, 0.4, 1e-14));
  CHECK(near(two.components[0].variance, 0.24, 1e-14));
  CHECK(near(two.components[1].mean, 9.8, 1e-14));
  CHECK(near(two.objective, 2, 1e-14));

  const TissueFit three =
      fit_label(1, sample({{10, 4}, {12, 3}, {14, 5}, {30, 2}, {33, 2}, {36, 1}, {60, 3}, {64, 4}}), 0,
                options_of(TissueMethod::kmeans, 3));
  CHECK(three.muscle_max == 14);
  CHECK(three.fat_min == 60);
  REQUIRE(three.components.size() == 3);
  CHECK(near(three.components[1].mean, 32.4, 1e-14));
  CHECK(near(three.objective, 88.295238095, 1e-10));

  const TissueFit skewed = fit_label(1, skewed_sample(), 0, options_of(TissueMethod::kmeans, 2));
  CHECK(skewed.muscle_max == 130);
  CHECK(near(skewed.objective, 30784.1666667, 1e-11));
  const TissueFit skewed3 = fit_label(1, skewed_sample(), 0, options_of(TissueMethod::kmeans, 3));
  CHECK(skewed3.muscle_max == 110);
  CHECK(skewed3.fat_min == 160);
  CHECK(near(skewed3.objective, 15683.9398028, 1e-11));
}

TEST_CASE("the mixture of a label", "[quant]") {
  const TissueFit fit = fit_label(1, skewed_sample(), 0, options_of(TissueMethod::gmm, 2));
  CHECK(fit.status == LabelStatus::ok);
  CHECK(fit.muscle_max == 120);
  CHECK(std::isnan(fit.fat_min));
  CHECK(near(fit.objective, -4.5447799251, 1e-10));
  CHECK(fit.iterations == 3);
  CHECK(fit.starts == 2);
  CHECK(fit.stable);
  REQUIRE(fit.components.size() == 2);
  CHECK(near(fit.components[1].mean, 153.8877333094, 1e-11));
  CHECK(near(posterior(fit, 80)[1], 0.011932982771, 1e-10));
  CHECK(near(posterior(fit, 120)[1], 0.18979707208, 1e-10));
  CHECK(near(posterior(fit, 130)[1], 0.69555756981, 1e-10));
  CHECK(near(posterior(fit, 140)[1], 0.97630025206, 1e-10));
  CHECK(near(posterior(fit, 1e5)[0] + posterior(fit, 1e5)[1], 1, 1e-15));

  TissueOptions converged = options_of(TissueMethod::gmm, 2);
  converged.stop = MixtureStop::converged;
  const TissueFit likeliest = fit_label(1, skewed_sample(), 0, converged);
  CHECK(likeliest.muscle_max == 120);
  CHECK(near(likeliest.objective, -4.5435951810, 1e-8));
  CHECK(std::abs(likeliest.components[0].mean - 102.8542120818) < 1e-2);
  CHECK(std::abs(likeliest.components[1].mean - 150.2658135158) < 1e-2);
}

TEST_CASE("the guard keeps a component from a single grey value", "[quant]") {
  const TissueFit on = fit_label(1, skewed_sample(), 0, options_of(TissueMethod::gmm, 3));
  CHECK(on.status == LabelStatus::ok);
  CHECK(on.muscle_max == 110);
  CHECK(on.fat_min == 150);
  CHECK(on.starts == 8);
  // The start 120,160 is nearly as good and has 15.6 % fat, not 20 %.
  CHECK_FALSE(on.stable);
  const TissueFit off = fit_label(1, skewed_sample(), 0, options_of(TissueMethod::gmm, 3, false));
  CHECK(off.status == LabelStatus::ok);
  CHECK(off.muscle_max == 90);
  CHECK(off.fat_min == 130);
  CHECK(off.stable);

  // Two values: both components have collapsed from the only start.
  const DistinctValues two = sample({{3, 10}, {8, 5}});
  const TissueFit guarded = fit_label(1, two, 0, options_of(TissueMethod::gmm, 2));
  CHECK(guarded.status == LabelStatus::collapsed);
  CHECK(guarded.divided());
  CHECK(guarded.muscle_max == 3);
  CHECK(guarded.components.size() == 2);
  CHECK(fit_label(1, two, 0, options_of(TissueMethod::gmm, 2, false)).status == LabelStatus::ok);
}

TEST_CASE("a label that cannot be divided says why", "[quant]") {
  const DistinctValues none;
  const DistinctValues constant = sample({{7, 100}});
  const DistinctValues two = sample({{7, 100}, {8, 1}});
  for (const TissueMethod method : {TissueMethod::kmeans, TissueMethod::gmm}) {
    CHECK(status_after(none, 0, method, 2) == LabelStatus::too_few_voxels);
    CHECK(status_after(none, 1, method, 2) == LabelStatus::nonfinite);
    CHECK(status_after(sample({{7, 1}}), 0, method, 2) == LabelStatus::too_few_voxels);
    CHECK(status_after(sample({{7, 1}, {8, 1}}), 0, method, 3) == LabelStatus::too_few_voxels);
    CHECK(status_after(sample({{7, 1}}), 3, method, 2) == LabelStatus::nonfinite);
    CHECK(status_after(constant, 0, method, 2) == LabelStatus::not_separable);
    CHECK(status_after(constant, 2, method, 2) == LabelStatus::nonfinite);
    CHECK(status_after(two, 0, method, 3) == LabelStatus::not_separable);
    CHECK(status_after(two, 0, method, 2) ==
          (method == TissueMethod::gmm ? LabelStatus::collapsed : LabelStatus::ok));
  }
}

TEST_CASE("numbers at the ends of their range do no harm", "[quant]") {
  const double most = std::numeric_limits<double>::max();
  const double least = std::numeric_limits<double>::denorm_min();
  for (const DistinctValues& values :
       {sample({{-most, 3}, {0, 5}, {1, 4}, {most, 2}}), sample({{0, 3}, {least, 5}, {2 * least, 4}}),
        sample({{1e200, 3}, {1.0000000001e200, 5}, {1.1e200, 4}})}) {
    for (const TissueMethod method : {TissueMethod::kmeans, TissueMethod::gmm, TissueMethod::hu}) {
      for (const int k : {2, 3})
        CHECK(fit_label(1, values, 0, options_of(method, k)).voxels == values.total());
    }
  }
}

TEST_CASE("windows of CT numbers", "[quant]") {
  const DistinctValues values =
      sample({{-200, 1}, {-190, 2}, {-100, 3}, {-30, 4}, {-29, 5}, {0, 6}, {150, 7}, {151, 2}});
  const TissueFit fit = fit_label(1, values, 0, options_of(TissueMethod::hu, 2));
  CHECK(fit.status == LabelStatus::ok);
  CHECK(std::isnan(fit.muscle_max));
  CHECK(std::isnan(fit.fat_min));
  REQUIRE(fit.components.size() == 3);
  CHECK(fit.components[0].weight == 18.0 / 30);
  CHECK(fit.components[1].weight == 3.0 / 30);
  CHECK(fit.components[2].weight == 9.0 / 30);
  CHECK(near(fit.components[0].mean, (7 * 150 - 5 * 29) / 18.0, 1e-14));
  CHECK(near(fit.components[2].variance, 3854.320987654321, 1e-13));

  TissueOptions overlap = options_of(TissueMethod::hu, 2);
  overlap.fat_range = {-190, 0};
  const TissueFit fat_wins = fit_label(1, values, 0, overlap);
  CHECK(fat_wins.components[0].weight == 7.0 / 30);
  CHECK(fat_wins.components[2].weight == 20.0 / 30);

  const TissueFit one = fit_label(1, sample({{20, 1}}), 0, options_of(TissueMethod::hu, 2));
  CHECK(one.status == LabelStatus::ok);
  CHECK(one.components[2].weight == 0);
  CHECK(std::isnan(one.components[2].mean));
  CHECK(fit_label(1, sample({{20, 1}}), 1, options_of(TissueMethod::hu, 2)).status == LabelStatus::nonfinite);
}

TEST_CASE("a fit depends neither on the order of voxels nor on a shift", "[quant]") {
  std::mt19937_64 random(3);
  std::normal_distribution<double> dark(100, 20);
  std::normal_distribution<double> bright(260, 40);
  std::vector<std::int16_t> voxels;
  for (int i = 0; i < 4000; ++i) {
    voxels.push_back(static_cast<std::int16_t>(i % 4 == 0 ? bright(random) : dark(random)));
  }
  std::vector<std::int16_t> shuffled = voxels;
  std::shuffle(shuffled.begin(), shuffled.end(), random);
  std::vector<double> shifted(voxels.begin(), voxels.end());
  for (double& value : shifted) value += 5000;
  const auto distinct = [](const auto& data) {
    DistinctValuesBuilder builder;
    builder.add(data.data(), static_cast<std::int64_t>(data.size()), 1);
    return builder.take();
  };
  for (const TissueMethod method : {TissueMethod::kmeans, TissueMethod::gmm}) {
    for (const int k : {2, 3}) {
      const TissueFit fit = fit_label(1, distinct(voxels), 0, options_of(method, k));
      CHECK(fit.divided());
      CHECK(equal(fit, fit_label(1, distinct(voxels), 0, options_of(method, k), 3)));
      CHECK(equal(fit, fit_label(1, distinct(shuffled), 0, options_of(method, k))));
      const TissueFit moved = fit_label(1, distinct(shifted), 0, options_of(method, k));
      CHECK(moved.muscle_max == fit.muscle_max + 5000);
      if (k == 3) CHECK(moved.fat_min == fit.fat_min + 5000);
      CHECK(moved.objective == fit.objective);
    }
  }
}

TEST_CASE("tissues and statuses have names", "[quant]") {
  CHECK(std::string(tissue_name(Tissue::none)) == "none");
  CHECK(std::string(tissue_name(Tissue::muscle)) == "muscle");
  CHECK(std::string(tissue_name(Tissue::fat)) == "fat");
  CHECK(std::string(tissue_name(Tissue::undefined)) == "undefined");
  CHECK(std::string(tissue_name(static_cast<Tissue>(2))) == "unknown");
  CHECK(std::string(status_name(LabelStatus::ok)) == "ok");
  CHECK(std::string(status_name(LabelStatus::too_few_voxels)) == "too_few_voxels");
  CHECK(std::string(status_name(LabelStatus::not_separable)) == "not_separable");
  CHECK(std::string(status_name(LabelStatus::nonfinite)) == "nonfinite");
  CHECK(std::string(status_name(LabelStatus::collapsed)) == "collapsed");
  CHECK(std::string(status_name(static_cast<LabelStatus>(9))) == "unknown");
}

}  // namespace musclemap::quant
