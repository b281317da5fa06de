#include "quant/cluster/fit_check.hpp"

#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "quant/cluster/label_fit.hpp"
#include "support/catch.hpp"
#include "unit/quant/samples.hpp"

namespace musclemap::quant {
namespace {

using Draw = std::function<double(std::mt19937_64&)>;

// 4000 voxels of whole numbers.
DistinctValues drawn(const Draw& draw) {
  std::mt19937_64 random(11);
  DistinctValuesBuilder builder;
  for (int i = 0; i < 4000; ++i) {
    const auto value = static_cast<std::int16_t>(std::lround(draw(random)));
    builder.add(&value, 1, 1);
  }
  return builder.take();
}

double normal(std::mt19937_64& random, double mean, double deviation) {
  return std::normal_distribution<double>(mean, deviation)(random);
}

bool often(std::mt19937_64& random, double share) { return std::bernoulli_distribution(share)(random); }

LabelStatus status_of(const DistinctValues& values, TissueMethod method, int components) {
  TissueOptions options;
  options.method = method;
  options.components = components;
  return fit_label(1, values, 0, options).status;
}

TissueComponent gaussian(double weight, double mean, double deviation) {
  return {weight, mean, deviation * deviation};
}

}  // namespace

TEST_CASE("the confusion of two Gaussians", "[quant]") {
  // Two equal ones at Ashman's D = 2: the tail of the normal distribution beyond 1.
  CHECK(std::abs(expected_confusion({gaussian(0.5, 0, 1), gaussian(0.5, 2, 1)}) - 0.1587) < 0.01);
  CHECK(expected_confusion({gaussian(0.5, 0, 1), gaussian(0.5, 8, 1)}) < 1e-3);
  CHECK(std::abs(expected_confusion({gaussian(0.5, 100, 5), gaussian(0.5, 110, 5)}) - 0.1587) < 0.01);
  CHECK(expected_confusion({gaussian(0.9, 0, 1), gaussian(0.1, 2, 1)}) < 0.1);
  // A wide one under a narrow one, and three.
  CHECK(expected_confusion({gaussian(0.5, 0, 1), gaussian(0.5, 0, 10)}) > 0.05);
  CHECK(expected_confusion({gaussian(0.3, 0, 1), gaussian(0.4, 1.5, 1), gaussian(0.3, 3, 1)}) > 0.2);
}

TEST_CASE("divisions that say ok, and those that do not", "[quant]") {
  struct Row {
    std::string name;
    Draw draw;
    LabelStatus kmeans;
    LabelStatus gmm;
  };
  const LabelStatus ok = LabelStatus::ok;
  const LabelStatus overlapping = LabelStatus::overlapping;
  const std::vector<Row> rows{
      {"muscle with a tenth of fat",
       [](auto& r) { return often(r, 0.1) ? normal(r, 400, 40) : normal(r, 200, 25); }, ok, ok},
      {"half fat", [](auto& r) { return often(r, 0.5) ? normal(r, 300, 30) : normal(r, 150, 30); }, ok, ok},
      {"a hundredth of fat", [](auto& r) { return often(r, 0.01) ? normal(r, 600, 60) : normal(r, 200, 20); },
       ok, ok},
      {"muscle that shades into fat",
       [](auto& r) {
         return normal(r, 150, 12) + (often(r, 0.3) ? std::uniform_real_distribution<double>(0, 150)(r) : 0);
       },
       ok, ok},
      {"CT", [](auto& r) { return often(r, 0.2) ? normal(r, -100, 15) : normal(r, 50, 15); }, ok, ok},
      {"one tissue with noise", [](auto& r) { return normal(r, 200, 20); }, overlapping, overlapping},
      {"one tissue with the noise of magnitudes",
       [](auto& r) { return std::hypot(normal(r, 60, 20), normal(r, 0, 20)); }, overlapping, overlapping},
      {"one bright tissue", [](auto& r) { return normal(r, 3000, 100); }, overlapping, overlapping},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const DistinctValues values = drawn(row.draw);
    CHECK(status_of(values, TissueMethod::kmeans, 2) == row.kmeans);
    CHECK(status_of(values, TissueMethod::gmm, 2) == row.gmm);
    TissueOptions two;
    two.method = TissueMethod::gmm;
    CHECK(fit_label(1, values, 0, two).divided());
  }
}

TEST_CASE("a threshold beyond a class's mean is implausible", "[quant]") {
  const DistinctValues values = sample({{100, 10}, {150, 10}, {200, 10}});
  const CentredSums sums(values);
  struct Row {
    double muscle_max;
    double fat_min;
    std::vector<double> means;
    LabelStatus expected;
  };
  constexpr double none = TissueFit::kNone;
  const LabelStatus bad = LabelStatus::implausible;
  const std::vector<Row> rows{
      {150, none, {100, 200}, LabelStatus::ok},
      {100, none, {100, 200}, LabelStatus::ok},
      {201, none, {100, 200}, bad},
      {99, none, {100, 200}, bad},
      {150, none, {200, 100}, bad},
      {120, 180, {100, 150, 200}, LabelStatus::ok},
      {160, 180, {100, 150, 200}, bad},
      {120, 140, {100, 150, 200}, bad},
      {120, 210, {100, 150, 200}, bad},
  };
  for (const Row& row : rows) {
    INFO(row.muscle_max << " " << row.fat_min);
    TissueFit fit;
    fit.voxels = 30;
    fit.muscle_max = row.muscle_max;
    fit.fat_min = row.fat_min;
    const auto share = 1.0 / static_cast<double>(row.means.size());
    for (const double mean : row.means) fit.components.push_back(gaussian(share, mean, 1));
    CHECK(checked_fit(fit, TissueMethod::gmm, values, sums) == row.expected);
  }
}

TEST_CASE("a wide component under a narrow one makes all muscle, and says so", "[quant]") {
  // Marrow among all that is not: the wide component takes both ends.
  const DistinctValues values =
      drawn([](auto& r) { return often(r, 0.5) ? normal(r, 700, 200) : normal(r, 790, 14); });
  TissueOptions options;
  options.method = TissueMethod::gmm;
  const TissueFit fit = fit_label(1, values, 0, options);
  CHECK(fit.divided());
  CHECK(fit.status == LabelStatus::implausible);
  CHECK(fit.muscle_max > fit.components[1].mean);
}

}  // namespace musclemap::quant
