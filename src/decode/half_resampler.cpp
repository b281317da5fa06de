#include "decode/half_resampler.hpp"

#include <utility>

#include "base/half.hpp"
#include "base/parallel.hpp"

namespace musclemap::decode {

using image::HalfSlice;

HalfResampler::HalfResampler(const image::HalfPixelBack& back, int threads,
                             std::function<void(std::int64_t, const HalfSlice&)> sink)
    : to_(back.to), threads_(threads), sink_(std::move(sink)), taps_(half_pixel_taps(back)) {}

void HalfResampler::take(std::int64_t z, const HalfSlice& scores) {
  if (held_.empty()) first_ = z;
  held_.push_back(scores);
  while (next_ < to_[2] && taps_[2][static_cast<std::size_t>(next_)].upper <= z) {
    make(next_);
    sink_(next_, made_);
    ++next_;
  }
  const std::int64_t needed = next_ < to_[2] ? taps_[2][static_cast<std::size_t>(next_)].lower : z + 1;
  for (; first_ < needed && !held_.empty(); ++first_) held_.pop_front();
}

void HalfResampler::make(std::int64_t k) {
  const AxisTap& tz = taps_[2][static_cast<std::size_t>(k)];
  const HalfSlice& lower = held_[static_cast<std::size_t>(tz.lower - first_)];
  const HalfSlice& upper = held_[static_cast<std::size_t>(tz.upper - first_)];
  if (made_.values.empty()) made_ = HalfSlice(lower.classes, to_[1], to_[0]);
  base::parallel_for(lower.classes, threads_, [&](std::int64_t c) {
    for (std::int64_t j = 0; j < to_[1]; ++j) {
      const AxisTap& ty = taps_[1][static_cast<std::size_t>(j)];
      std::uint16_t* out = made_.row(c, j);
      for (std::int64_t i = 0; i < to_[0]; ++i) {
        const AxisTap& tx = taps_[0][static_cast<std::size_t>(i)];
        double sum = 0;
        const auto add = [&](const HalfSlice& slice, double wz, std::int64_t y, double wy) {
          const std::uint16_t* row = slice.row(c, y);
          sum += static_cast<double>(base::half_to_float(row[tx.lower])) * wz * wy * tx.lower_weight;
          sum += static_cast<double>(base::half_to_float(row[tx.upper])) * wz * wy * tx.upper_weight;
        };
        add(lower, tz.lower_weight, ty.lower, ty.lower_weight);
        add(lower, tz.lower_weight, ty.upper, ty.upper_weight);
        add(upper, tz.upper_weight, ty.lower, ty.lower_weight);
        add(upper, tz.upper_weight, ty.upper, ty.upper_weight);
        out[i] = base::double_to_half(sum);
      }
    }
  });
}

}  // namespace musclemap::decode
