#include "quant/cluster/kmeans.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "unit/quant/samples.hpp"

namespace musclemap::quant {
namespace {

// Each pair of splits tried; integers of small samples are compared without rounding, as fractions.
struct Division {
  Splits splits{};
  long double inertia = -1;
};

long double plain_inertia(const DistinctValues& values, const Splits& splits) {
  const std::size_t border[] = {0, splits[0], splits[1], values.size()};
  long double total = 0;
  for (int cluster = 0; cluster < 3; ++cluster) {
    long double weight = 0;
    long double mean = 0;
    for (std::size_t i = border[cluster]; i < border[cluster + 1]; ++i) {
      weight += values.count[i];
      mean += static_cast<long double>(values.count[i]) * values.value[i];
    }
    if (weight > 0) mean /= weight;
    for (std::size_t i = border[cluster]; i < border[cluster + 1]; ++i) {
      total += values.count[i] * (values.value[i] - mean) * (values.value[i] - mean);
    }
  }
  return total;
}

Division by_trying_all(const DistinctValues& values, int k) {
  const std::size_t size = values.size();
  Division best;
  const auto offer = [&](const Splits& splits) {
    const long double inertia = plain_inertia(values, splits);
    if (best.inertia < 0 || inertia < best.inertia * (1 - 1e-13L)) best = {splits, inertia};
  };
  for (std::size_t i = 1; i < size; ++i) {
    if (k == 2) offer({i, size});
    for (std::size_t j = i + 1; k == 3 && j < size; ++j) offer({i, j});
  }
  return best;
}

void like_trying_all(const DistinctValues& values, int k) {
  const Division expected = by_trying_all(values, k);
  const CentredSums sums(values);
  const Splits splits = best_splits(sums, k);
  CHECK(splits == expected.splits);
  CHECK(near(inertia(values, sums, splits), static_cast<double>(expected.inertia), 1e-13));
}

}  // namespace

TEST_CASE("k-means of two clusters", "[quant]") {
  const DistinctValues values = sample({{0, 3}, {1, 2}, {9, 1}, {10, 4}});
  const CentredSums sums(values);
  CHECK(near(inertia(values, sums, {1, 4}), 111.428571, 1e-8));
  CHECK(near(inertia(values, sums, {2, 4}), 2.0, 1e-14));
  CHECK(near(inertia(values, sums, {3, 4}), 62.833333, 1e-8));
  CHECK(best_splits(sums, 2) == Splits{2, 4});
}

TEST_CASE("k-means of three clusters", "[quant]") {
  const DistinctValues values =
      sample({{10, 4}, {12, 3}, {14, 5}, {30, 2}, {33, 2}, {36, 1}, {60, 3}, {64, 4}});
  const CentredSums sums(values);
  const Splits splits = best_splits(sums, 3);
  CHECK(splits == Splits{3, 6});
  CHECK(near(inertia(values, sums, splits), 88.295238095, 1e-10));
  CHECK(near(static_cast<double>(sums.mean(0, 3)) + sums.origin(), 12.1666667, 1e-8));
  CHECK(near(static_cast<double>(sums.mean(3, 6)) + sums.origin(), 32.4, 1e-12));
  CHECK(near(static_cast<double>(sums.mean(6, 8)) + sums.origin(), 62.2857143, 1e-8));
}

TEST_CASE("k-means takes the smallest of equal splits", "[quant]") {
  const DistinctValues three = sample({{0, 1}, {1, 1}, {2, 1}});
  CHECK(best_splits(CentredSums(three), 2) == Splits{1, 3});
  CHECK(inertia(three, CentredSums(three), {1, 3}) == 0.5);
  CHECK(inertia(three, CentredSums(three), {2, 3}) == 0.5);
  const DistinctValues four = sample({{0, 1}, {1, 1}, {2, 1}, {3, 1}});
  CHECK(best_splits(CentredSums(four), 2) == Splits{2, 4});
  CHECK(inertia(four, CentredSums(four), {2, 4}) == 1.0);
  CHECK(best_splits(CentredSums(four), 3) == Splits{1, 2});
  CHECK(inertia(four, CentredSums(four), {1, 2}) == 0.5);
}

TEST_CASE("k-means agrees with trying all splits", "[quant]") {
  std::mt19937_64 random(11);
  for (int round = 0; round < 400; ++round) {
    const int size = 3 + static_cast<int>(random() % 40);
    const double offset = round % 4 == 3 ? 1e6 : 0;
    const double scale = round % 4 == 2 ? 0.375 : 1;
    std::map<double, std::int64_t> counts;
    for (int i = 0; i < size; ++i) {
      const auto raw = static_cast<double>(random() % static_cast<std::uint64_t>(2 * size));
      counts[offset + scale * (raw - size)] += 1 + static_cast<std::int64_t>(random() % 3);
    }
    if (counts.size() < 3) continue;
    const DistinctValues values = sample({counts.begin(), counts.end()});
    like_trying_all(values, 2);
    like_trying_all(values, 3);
  }
  for (int round = 0; round < 100; ++round) {
    std::uniform_real_distribution<double> between(round % 2 == 0 ? 0 : 1e6, round % 2 == 0 ? 1 : 1e6 + 1);
    std::map<double, std::int64_t> counts;
    for (int i = 0; i < 50; ++i) counts[between(random)] = 1;
    const DistinctValues values = sample({counts.begin(), counts.end()});
    like_trying_all(values, 2);
    like_trying_all(values, 3);
  }
}

TEST_CASE("the coarse search of k-means keeps the best pair of splits", "[quant]") {
  // Enough values for the coarse search; the plain recurrence over all second splits is the reference.
  for (const int seed : {1, 2, 3, 4, 5, 6}) {
    const DistinctValues values = mixture_sample(seed, 12000, seed % 2 == 0 ? 0 : 1.0 / 64);
    const CentredSums sums(values);
    const std::size_t size = sums.size();
    REQUIRE(size > 4096);
    const Splits splits = best_splits(sums, 3);
    long double best = 0;
    for (std::size_t i = 1; i + 1 < size; i += 1 + i % 3) {
      const long double low = sums.gain(0, i);
      for (std::size_t j = i + 1; j < size; j += 3) {
        best = std::max(best, low + sums.gain(i, j) + sums.gain(j, size));
      }
    }
    const long double found =
        sums.gain(0, splits[0]) + sums.gain(splits[0], splits[1]) + sums.gain(splits[1], size);
    CHECK(found >= best);
    // A local optimum in both directions.
    for (const std::size_t i : {splits[0] - 1, splits[0], splits[0] + 1}) {
      for (const std::size_t j : {splits[1] - 1, splits[1], splits[1] + 1}) {
        CHECK(found >= sums.gain(0, i) + sums.gain(i, j) + sums.gain(j, size));
      }
    }
  }
}

TEST_CASE("k-means does not depend on a shift of integers", "[quant]") {
  for (const int seed : {1, 2, 3}) {
    DistinctValues values = mixture_sample(seed, 2000, 1);
    for (const int k : {2, 3}) {
      const CentredSums sums(values);
      DistinctValues shifted = values;
      for (double& value : shifted.value) value += 1000003;
      const CentredSums shifted_sums(shifted);
      CHECK(best_splits(sums, k) == best_splits(shifted_sums, k));
      CHECK(inertia(values, sums, best_splits(sums, k)) ==
            inertia(shifted, shifted_sums, best_splits(sums, k)));
    }
  }
}

}  // namespace musclemap::quant
