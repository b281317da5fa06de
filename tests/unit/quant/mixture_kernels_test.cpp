#include "quant/cluster/mixture_kernels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "support/catch.hpp"

namespace musclemap::quant {
namespace {

using Densities = std::array<LogDensity, 3>;

Densities densities(double step, double variance) {
  return {LogDensity({0.5, -step, variance}), LogDensity({0.3, 0.0, variance / 7}),
          LogDensity({0.2, 2 * step, 3 * variance})};
}

// Apart, alike (all values tie), far from all values, so narrow that whole components are negligible, and not
// a number in one component or all.
std::vector<Densities> cases() {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  std::vector<Densities> result{densities(3, 1), densities(0, 1e6), densities(1e4, 1), densities(3, 1e-4)};
  LogDensity same({0.25, 1.0, 2.0});
  result.push_back({same, same, same});
  result.push_back(densities(3, 1));
  result.back()[1].mean = kNan;
  result.push_back(densities(kNan, 1));
  return result;
}

std::vector<double> ascending(std::size_t size) {
  std::mt19937 random(static_cast<unsigned>(size));
  std::normal_distribution<double> any(0, 4);
  std::vector<double> values(size);
  for (double& value : values) value = any(random);
  std::sort(values.begin(), values.end());
  return values;
}

MixtureSums sums_with(const MixtureKernels& kernels, const WeightedValues& values, const Densities& density,
                      int k) {
  MixtureSums sums{};
  kernels.sums(math_tables(), values, density.data(), k, sums);
  return sums;
}

// The bits, but any NaN for any other.
bool same(double a, double b) {
  return std::memcmp(&a, &b, sizeof a) == 0 || (std::isnan(a) && std::isnan(b));
}

TEST_CASE("mixture kernels: the same bits with every instruction set", "[quant]") {
  for (const std::size_t size : {1, 2, 3, 7, 8, 9, 31, 64, 101}) {
    const std::vector<double> place = ascending(size);
    std::vector<double> weight(size);
    for (std::size_t i = 0; i < size; ++i) weight[i] = double(1 + i % 5);
    const std::vector<double> inner(size, 0.125);
    for (const Densities& density : cases()) {
      for (const int k : {2, 3}) {
        for (const double* variance : {static_cast<const double*>(nullptr), inner.data()}) {
          const WeightedValues values{size, place.data(), weight.data(), variance};
          const MixtureSums expected = sums_with(portable_mixture_kernels(), values, density, k);
          for (const base::Isa isa : base::isas_here()) {
            const MixtureSums sums = sums_with(mixture_kernels_for(isa), values, density, k);
            CHECK(same(sums.log_likelihood, expected.log_likelihood));
            for (int j = 0; j < k; ++j) {
              CHECK(same(sums.weight[j], expected.weight[j]));
              CHECK(same(sums.first[j], expected.first[j]));
              CHECK(same(sums.second[j], expected.second[j]));
            }
          }
        }
      }
    }
  }
}

TEST_CASE("mixture kernels: sums are those of the formulas", "[quant]") {
  const std::vector<double> place = ascending(37);
  const std::vector<double> weight(37, 2);
  const Densities density = densities(3, 1);
  const MixtureSums sums =
      sums_with(portable_mixture_kernels(), {37, place.data(), weight.data(), nullptr}, density, 3);
  double log_likelihood = 0;
  std::array<double, 3> first{};
  for (const double x : place) {
    double total = 0;
    for (const LogDensity& l : density) total += std::exp(l(x));
    log_likelihood += 2 * std::log(total);
    for (std::size_t j = 0; j < 3; ++j) {
      first[j] += 2 * std::exp(density[j](x)) / total * (x - density[j].mean);
    }
  }
  CHECK(sums.log_likelihood == Approx(log_likelihood).epsilon(1e-13));
  for (std::size_t j = 0; j < 3; ++j) CHECK(sums.first[j] == Approx(first[j]).epsilon(1e-11));
}

TEST_CASE("mixture kernels: labels are the first of the highest densities", "[quant]") {
  for (const std::size_t size : {1, 5, 8, 23, 64, 101}) {
    const std::vector<double> values = ascending(size);
    for (const Densities& density : cases()) {
      for (const int k : {2, 3}) {
        std::vector<std::uint8_t> expected;
        for (const double value : values) {
          const double x = value - 0.5;
          int top = 0;
          for (int j = 1; j < k; ++j) {
            if (density[std::size_t(j)](x) > density[std::size_t(top)](x)) top = j;
          }
          expected.push_back(std::uint8_t(top));
        }
        for (const base::Isa isa : base::isas_here()) {
          std::vector<std::uint8_t> labels(size + 1, 9);
          mixture_kernels_for(isa).labels(values.data(), size, 0.5, density.data(), k, labels.data());
          CHECK(labels.back() == 9);
          labels.pop_back();
          CHECK(labels == expected);
        }
      }
    }
  }
}

}  // namespace
}  // namespace musclemap::quant
