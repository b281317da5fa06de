#include "image/resample/pillow.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/checked.hpp"
#include "base/parallel.hpp"

namespace musclemap::image {
namespace {

constexpr int kFixedBits = 22;
constexpr std::int32_t kHalf = std::int32_t{1} << (kFixedBits - 1);

// What a target value reads: source values from `begin` on, weights[first ..] beside them.
struct PillowTaps {
  std::int64_t begin;
  std::int64_t count;
  std::size_t first;
};

struct PillowAxis {
  std::vector<PillowTaps> taps;
  std::vector<std::int32_t> weights;
};

PillowAxis pillow_axis(std::int64_t from, std::int64_t to) {
  PillowAxis axis;
  const double scale = static_cast<double>(from) / static_cast<double>(to);
  const double support = std::max(1.0, scale);
  const double inverse = 1.0 / support;
  std::vector<double> weights;
  for (std::int64_t i = 0; i < to; ++i) {
    const double centre = (static_cast<double>(i) + 0.5) * scale;
    const auto begin =
        std::max<std::int64_t>(0, static_cast<std::int64_t>(std::trunc(centre - support + 0.5)));
    const auto end = std::min(from, static_cast<std::int64_t>(std::trunc(centre + support + 0.5)));
    weights.clear();
    double sum = 0;
    for (std::int64_t k = begin; k < end; ++k) {
      const double distance = std::fabs((static_cast<double>(k) - centre + 0.5) * inverse);
      weights.push_back(distance < 1.0 ? 1.0 - distance : 0.0);
      sum += weights.back();
    }
    axis.taps.push_back({begin, end - begin, axis.weights.size()});
    for (const double weight : weights) {
      const double share = sum != 0.0 ? weight / sum : weight;
      axis.weights.push_back(
          static_cast<std::int32_t>(std::trunc(0.5 + share * (std::int32_t{1} << kFixedBits))));
    }
  }
  return axis;
}

// Weights of a value add up to one but for their rounding, so that sums stay below 2^31.
std::uint8_t rounded(std::int32_t sum) {
  return static_cast<std::uint8_t>(std::clamp(sum >> kFixedBits, 0, 255));
}

void resize_row(const std::uint8_t* from, const PillowAxis& axis, std::uint8_t* to) {
  for (const PillowTaps& taps : axis.taps) {
    const std::int32_t* weight = axis.weights.data() + taps.first;
    std::int32_t sum = kHalf;
    for (std::int64_t k = 0; k < taps.count; ++k) sum += from[taps.begin + k] * weight[k];
    *to++ = rounded(sum);
  }
}

void join_rows(const std::uint8_t* from, std::int64_t columns, const std::int32_t* weights,
               std::int64_t count, std::vector<std::int32_t>* sums, std::uint8_t* to) {
  sums->assign(static_cast<std::size_t>(columns), kHalf);
  for (std::int64_t k = 0; k < count; ++k, from += columns) {
    for (std::int64_t x = 0; x < columns; ++x) (*sums)[static_cast<std::size_t>(x)] += from[x] * weights[k];
  }
  std::transform(sums->begin(), sums->end(), to, rounded);
}

}  // namespace

std::vector<std::uint8_t> resize_pillow(const std::uint8_t* plane, const PlaneShape& from,
                                        const PlaneShape& to, int threads) {
  constexpr std::int64_t kMost = std::int64_t{1} << 30;
  for (const std::int64_t extent : from) base::check_number(extent, 1, kMost, "an extent of a plane");
  for (const std::int64_t extent : to) base::check_number(extent, 1, kMost, "an extent of a resized plane");
  std::vector<std::uint8_t> wide(static_cast<std::size_t>(base::checked_mul(from[0], to[1])));
  const PillowAxis columns = pillow_axis(from[1], to[1]);
  base::parallel_for(from[0], threads, [&](std::int64_t y) {
    resize_row(plane + y * from[1], columns, wide.data() + y * to[1]);
  });
  std::vector<std::uint8_t> resized(static_cast<std::size_t>(base::checked_mul(to[0], to[1])));
  const PillowAxis rows = pillow_axis(from[0], to[0]);
  base::parallel_for(to[0], threads, [&](std::int64_t y) {
    const PillowTaps& taps = rows.taps[static_cast<std::size_t>(y)];
    std::vector<std::int32_t> sums;
    join_rows(wide.data() + taps.begin * to[1], to[1], rows.weights.data() + taps.first, taps.count, &sums,
              resized.data() + y * to[1]);
  });
  return resized;
}

}  // namespace musclemap::image
