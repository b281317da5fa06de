// Arithmetic: TotalSegmentator 2.18.0, nnunet_runtime_patches.py,
// _convert_logits_to_segmentation_with_cropped_resampling(), with NumPy 2.
#include "decode/near_half_classes.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/half.hpp"
#include "base/parallel.hpp"
#include "decode/half_resampler.hpp"
#include "image/near_box.hpp"

namespace musclemap::decode {

using image::HalfSlice;

namespace {

constexpr std::int64_t kMargin = 3;

// Between which voxels of [begin, end) a coordinate lies; beyond them their edge counts.
AxisTap tap_within(double at, std::int64_t begin, std::int64_t end) {
  const double held = std::min(std::max(at, 0.0), static_cast<double>(end - begin - 1));
  const double lower = std::floor(held);
  AxisTap tap;
  tap.lower = begin + static_cast<std::int64_t>(lower);
  tap.lower_weight = 1 - (held - lower);
  tap.upper_weight = 1 - tap.lower_weight;
  tap.upper = tap.upper_weight > 0 ? tap.lower + 1 : tap.lower;
  return tap;
}

}  // namespace

NearHalfClasses::NearHalfClasses(const HalfDecoding& decoding, PlaneSink sink)
    : decoding_(decoding),
      sink_(std::move(sink)),
      kernels_(half_kernels_for(base::best_isa())),
      near_(static_cast<std::size_t>(decoding.classes)) {
  half_pixel_taps(*decoding.back);  // refuses orders that are not made
  for (Near& each : near_) each.begin = decoding.shape;
}

void NearHalfClasses::take(std::int64_t z, const HalfSlice& scores) {
  held_.push_back(scores);
  widen(z);
  if (z + 1 < decoding_.shape[2]) return;
  find_near();
  HalfResampler background(*decoding_.back, decoding_.threads,
                           [this](std::int64_t k, const HalfSlice& made) { make(k, made); });
  for (std::int64_t below = 0; below < decoding_.shape[2]; ++below) {
    const HalfSlice& from = held_[static_cast<std::size_t>(below)];
    HalfSlice first(1, from.ny, from.nx);
    std::copy_n(from.values.begin(), first.values.size(), first.values.begin());
    background.take(below, first);
  }
  held_.clear();
}

// By the classes that lead in the last slice.
void NearHalfClasses::widen(std::int64_t z) {
  const HalfSlice& scores = held_.back();
  const std::int64_t pixels = scores.ny * scores.nx;
  plane_.resize(static_cast<std::size_t>(pixels));
  kernels_.best(scores.values.data(), scores.classes, pixels, pixels, plane_.data());
  for (std::int64_t i = 0; i < pixels; ++i) {
    const std::uint16_t c = plane_[static_cast<std::size_t>(i)];
    if (c == 0) continue;
    Near& near = near_[c];
    const Index3 voxel{i % scores.nx, i / scores.nx, z};
    for (std::size_t a = 0; a < 3; ++a) {
      near.begin[a] = std::min(near.begin[a], voxel[a]);
      near.end[a] = std::max(near.end[a], voxel[a] + 1);
    }
  }
}

void NearHalfClasses::find_near() {
  const Index3& to = decoding_.back->to;
  for (Near& near : near_) {
    if (near.begin[0] >= near.end[0]) continue;
    for (std::size_t a = 0; a < 3; ++a) {
      const image::NearBox box =
          image::near_box({near.begin[a], near.end[a]}, kMargin, decoding_.shape[a], to[a]);
      near.first[a] = box.target_begin;
      for (std::int64_t i = box.target_begin; i < box.target_end; ++i) {
        const double at = image::near_coordinate(i, decoding_.shape[a], to[a], box.begin);
        near.taps[a].push_back(tap_within(static_cast<double>(static_cast<float>(at)), box.begin, box.end));
      }
    }
  }
}

void NearHalfClasses::make(std::int64_t k, const HalfSlice& background) {
  const Index3& to = decoding_.back->to;
  std::vector<std::uint16_t> best = background.values;
  plane_.assign(best.size(), 0);
  base::parallel_for(to[1], decoding_.threads, [&](std::int64_t j) {
    for (std::size_t c = 1; c < near_.size(); ++c)
      compete(static_cast<std::int64_t>(c), near_[c], k, j, best.data() + j * to[0],
              plane_.data() + j * to[0]);
  });
  sink_(k, plane_);
}

// The row j of slice k.
void NearHalfClasses::compete(std::int64_t c, const Near& near, std::int64_t k, std::int64_t j,
                              std::uint16_t* best, std::uint16_t* out) const {
  const auto size = [&](std::size_t a) { return static_cast<std::int64_t>(near.taps[a].size()); };
  const std::int64_t z = k - near.first[2];
  const std::int64_t y = j - near.first[1];
  if (z < 0 || z >= size(2) || y < 0 || y >= size(1)) return;
  const AxisTap& tz = near.taps[2][static_cast<std::size_t>(z)];
  const AxisTap& ty = near.taps[1][static_cast<std::size_t>(y)];
  struct Line {
    const std::uint16_t* row;
    double wz;
    double wy;
  };
  const auto line = [&](std::int64_t at_z, double wz, std::int64_t at_y, double wy) {
    return Line{held_[static_cast<std::size_t>(at_z)].row(c, at_y), wz, wy};
  };
  const std::array<Line, 4> lines{line(tz.lower, tz.lower_weight, ty.lower, ty.lower_weight),
                                  line(tz.lower, tz.lower_weight, ty.upper, ty.upper_weight),
                                  line(tz.upper, tz.upper_weight, ty.lower, ty.lower_weight),
                                  line(tz.upper, tz.upper_weight, ty.upper, ty.upper_weight)};
  for (std::int64_t x = 0; x < size(0); ++x) {
    const AxisTap& tx = near.taps[0][static_cast<std::size_t>(x)];
    double sum = 0;
    for (const Line& each : lines) {
      sum +=
          static_cast<double>(base::half_to_float(each.row[tx.lower])) * each.wz * each.wy * tx.lower_weight;
      sum +=
          static_cast<double>(base::half_to_float(each.row[tx.upper])) * each.wz * each.wy * tx.upper_weight;
    }
    const std::int64_t at = near.first[0] + x;
    if (!(sum > static_cast<double>(base::half_to_float(best[at])))) continue;
    best[at] = base::double_to_half(sum);
    out[at] = static_cast<std::uint16_t>(c);
  }
}

std::size_t near_half_class_bytes(const HalfDecoding& decoding) {
  constexpr auto kHalf = static_cast<std::int64_t>(sizeof(std::uint16_t));
  const Index3& from = decoding.shape;
  const Index3& to = decoding.back->to;
  const std::int64_t held = (from[0] * from[1] * (from[2] * decoding.classes + 3)) * kHalf;
  const std::int64_t taps =
      (to[0] + to[1] + to[2]) * decoding.classes * static_cast<std::int64_t>(sizeof(AxisTap));
  return static_cast<std::size_t>(held + taps + 4 * to[0] * to[1] * kHalf);
}

}  // namespace musclemap::decode
