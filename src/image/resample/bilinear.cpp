#include "image/resample/bilinear.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/checked.hpp"
#include "base/parallel.hpp"

namespace musclemap::image {

BilinearRows::BilinearRows(Source source, const PlaneShape& from, const PlaneShape& to)
    : source_(std::move(source)), from_(from), to_(to), rows_(taps(from[0], to[0])) {
  if (from[1] != to[1]) columns_ = taps(from[1], to[1]);
  for (Kept& kept : kept_) kept.values.resize(static_cast<std::size_t>(to[1]));
  row_.resize(static_cast<std::size_t>(to[1]));
}

std::vector<BilinearRows::Taps> BilinearRows::taps(std::int64_t from, std::int64_t to) {
  std::vector<Taps> taps;
  const float scale = static_cast<float>(from) / static_cast<float>(to);
  for (std::int64_t i = 0; i < to; ++i) {
    const float place = std::max(0.0F, scale * (static_cast<float>(i) + 0.5F) - 0.5F);
    const std::int64_t low = std::min(static_cast<std::int64_t>(place), from - 1);
    const float weight = std::min(1.0F, std::max(0.0F, place - static_cast<float>(low)));
    taps.push_back({low, std::min(low + 1, from - 1), 1.0F - weight, weight});
  }
  return taps;
}

// A source row at the target's columns; the one kept for row `other` is not overwritten.
const std::vector<float>& BilinearRows::wide_row(std::int64_t y, std::int64_t other) {
  for (const Kept& kept : kept_) {
    if (kept.y == y) return kept.values;
  }
  Kept& kept = kept_[kept_[0].y == other ? 1 : 0];
  const float* from = source_(y);
  kept.y = y;
  if (columns_.empty()) {
    std::copy_n(from, to_[1], kept.values.begin());
  } else {
    float* to = kept.values.data();
    for (const Taps& x : columns_) *to++ = x.low_weight * from[x.low] + x.high_weight * from[x.high];
  }
  return kept.values;
}

const float* BilinearRows::row(std::int64_t y) {
  const Taps& taps = rows_[static_cast<std::size_t>(y)];
  const float* low = wide_row(taps.low, taps.high).data();
  if (taps.high_weight == 0.0F) return low;
  const float* high = wide_row(taps.high, taps.low).data();
  const float low_weight = taps.low_weight;
  const float high_weight = taps.high_weight;
  float* row = row_.data();
  for (std::int64_t x = 0; x < to_[1]; ++x) row[x] = low_weight * low[x] + high_weight * high[x];
  return row;
}

std::vector<float> resize_bilinear(const float* plane, std::int64_t stride, const PlaneShape& from,
                                   const PlaneShape& to, int threads) {
  constexpr std::int64_t kBand = 64;  // rows
  std::vector<float> resized(static_cast<std::size_t>(base::checked_mul(to[0], to[1])));
  base::parallel_for((to[0] + kBand - 1) / kBand, threads, [&](std::int64_t band) {
    BilinearRows rows([&](std::int64_t y) { return plane + y * stride; }, from, to);
    for (std::int64_t y = band * kBand; y < std::min(to[0], (band + 1) * kBand); ++y) {
      std::copy_n(rows.row(y), to[1], resized.begin() + y * to[1]);
    }
  });
  return resized;
}

}  // namespace musclemap::image
