#include "decode/sampled_half_classes.hpp"

#include <algorithm>
#include <utility>

#include "base/aligned.hpp"
#include "base/parallel.hpp"

namespace musclemap::decode {

using image::HalfSlice;
using image::ScoreSlice;

SampledHalfClasses::SampledHalfClasses(const HalfDecoding& decoding, PlaneSink sink)
    : classes_(decoding.classes),
      to_(decoding.back->to),
      threads_(decoding.threads),
      sink_(std::move(sink)),
      class_kernels_(class_kernels_for(base::best_isa())),
      half_kernels_(half_kernels_for(base::best_isa())),
      taps_(half_pixel_taps(*decoding.back)),
      pixels_(pixels_of_row()),
      found_(static_cast<std::size_t>(to_[0] * to_[1])),
      plane_(found_.size()) {}

std::vector<PlacePair> SampledHalfClasses::pixels_of_row() const {
  std::vector<PlacePair> pixels;
  for (const AxisTap& tap : taps_[0]) {
    pixels.push_back({tap.lower, tap.upper, tap.lower_weight, tap.upper_weight});
  }
  return pixels;
}

void SampledHalfClasses::take(std::int64_t z, const HalfSlice& scores) {
  const auto tap = [&](std::int64_t k) -> const AxisTap& { return taps_[2][static_cast<std::size_t>(k)]; };
  if (held_.empty()) first_ = z;
  const std::int64_t needed = next_ < to_[2] ? tap(next_).lower : z + 1;
  for (; first_ < needed && !held_.empty(); ++first_) held_.pop_front();
  // Slices between those that a coarser grid looks at are not turned into floats.
  if (held_.empty()) first_ = z;
  if (z < needed) return;
  held_.push_back(as_floats(scores));
  // Neighbouring rows read the same scores: a thread takes several, and finds them in its cache.
  constexpr std::int64_t kRows = 8;
  for (; next_ < to_[2] && tap(next_).upper <= z; ++next_) {
    base::parallel_for((to_[1] + kRows - 1) / kRows, threads_, [&](std::int64_t n) {
      for (std::int64_t y = n * kRows; y < std::min((n + 1) * kRows, to_[1]); ++y) make_row(tap(next_), y);
    });
    std::copy(found_.begin(), found_.end(), plane_.begin());
    sink_(next_, plane_);
  }
}

ScoreSlice SampledHalfClasses::as_floats(const HalfSlice& scores) const {
  ScoreSlice slice(scores.classes, scores.ny, scores.nx);
  base::parallel_for(slice.blocks(), threads_, [&](std::int64_t block) {
    std::vector<float> row(static_cast<std::size_t>(scores.nx));
    const std::int64_t first = block * ScoreSlice::kVector;
    for (std::int64_t y = 0; y < scores.ny; ++y) {
      float* pixels = slice.at(block, y, 0);
      for (std::int64_t c = 0; c < std::min(ScoreSlice::kVector, scores.classes - first); ++c) {
        half_kernels_.to_floats(scores.row(first + c, y), scores.nx, row.data());
        for (std::int64_t x = 0; x < scores.nx; ++x) {
          pixels[x * ScoreSlice::kVector + c] = row[static_cast<std::size_t>(x)];
        }
      }
    }
  });
  return slice;
}

void SampledHalfClasses::make_row(const AxisTap& tz, std::int64_t y) {
  const AxisTap& ty = taps_[1][static_cast<std::size_t>(y)];
  std::array<ScoreLine, 4> lines;
  std::int64_t count = 0;
  const auto add = [&](std::int64_t at_z, double wz, std::int64_t at_y, double wy) {
    if (wz * wy > 0) lines[static_cast<std::size_t>(count++)] = {slice_at(at_z).at(0, at_y, 0), wz * wy};
  };
  add(tz.lower, tz.lower_weight, ty.lower, ty.lower_weight);
  add(tz.lower, tz.lower_weight, ty.upper, ty.upper_weight);
  add(tz.upper, tz.upper_weight, ty.lower, ty.lower_weight);
  add(tz.upper, tz.upper_weight, ty.upper, ty.upper_weight);
  const ScoreSlice& any = held_.front();
  thread_local base::AlignedFloats scratch;
  const std::int64_t needed = 3 * any.blocks() * ScoreSlice::kVector;
  if (scratch.size() < needed) scratch = base::AlignedFloats(needed);
  std::int16_t* out = found_.data() + y * to_[0];
  class_kernels_.clear_row(lines.data(), count, pixels_.data(), to_[0], classes_, any.plane(), kHalfRounding,
                           scratch.data(), out);
  for (std::int64_t x = 0; x < to_[0]; ++x) {
    if (out[x] == kUndecided) out[x] = exact_class(tz, ty, taps_[0][static_cast<std::size_t>(x)]);
  }
}

std::int16_t SampledHalfClasses::exact_class(const AxisTap& tz, const AxisTap& ty, const AxisTap& tx) const {
  std::array<HalfCorner, 8> corners;
  std::int64_t count = 0;
  const auto add = [&](std::int64_t at_z, double wz, std::int64_t at_y, double wy) {
    const ScoreSlice& slice = slice_at(at_z);
    // A weight of 0 adds exactly nothing.
    if (!(wz * wy > 0)) return;
    corners[static_cast<std::size_t>(count++)] = {slice.at(0, at_y, tx.lower), wz, wy, tx.lower_weight};
    if (!(tx.upper_weight > 0)) return;
    corners[static_cast<std::size_t>(count++)] = {slice.at(0, at_y, tx.upper), wz, wy, tx.upper_weight};
  };
  add(tz.lower, tz.lower_weight, ty.lower, ty.lower_weight);
  add(tz.lower, tz.lower_weight, ty.upper, ty.upper_weight);
  add(tz.upper, tz.upper_weight, ty.lower, ty.lower_weight);
  add(tz.upper, tz.upper_weight, ty.upper, ty.upper_weight);
  return class_kernels_.best_half_sum(corners.data(), count, classes_, held_.front().plane());
}

const ScoreSlice& SampledHalfClasses::slice_at(std::int64_t z) const {
  return held_[static_cast<std::size_t>(z - first_)];
}

}  // namespace musclemap::decode
