#include "image/logit_slices.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/parallel.hpp"
#include "musclemap/error.hpp"

namespace musclemap::image {

ClassSampler::ClassSampler(const LogitBox& box, const Resampler* resampler, const Index3& target,
                           std::function<LogitSlice(std::int64_t)> slice_of, int threads)
    : box_(box),
      resampler_(resampler),
      target_(target),
      slice_of_(std::move(slice_of)),
      threads_(threads),
      kernels_(class_kernels_for(base::best_isa())),
      classes_(static_cast<std::size_t>(target[0] * target[1])) {}

void ClassSampler::fetch(const SliceRange& range) {
  // Slices that are no longer needed go before new ones come.
  for (auto held = held_.begin(); held != held_.end();) {
    held = held->first < range.begin || held->first >= range.end ? held_.erase(held) : std::next(held);
  }
  const std::int64_t first = std::max(range.begin, box_.begin[2]);
  const std::int64_t last = std::min(range.end, box_.end[2]);
  for (std::int64_t z = first; z < last; ++z) {
    if (held_.count(z) == 0) held_[z] = slice_of_(z);
  }
}

const std::vector<std::int16_t>& ClassSampler::slice(std::int64_t k) {
  fetch(resampler_ != nullptr ? resampler_->source_slices(k) : SliceRange{k, k + 1});
  if (held_.empty()) {
    std::fill(classes_.begin(), classes_.end(), std::int16_t{0});
    return classes_;
  }
  base::parallel_for(target_[0], threads_, [&](std::int64_t x) {
    std::int16_t* out = classes_.data() + x * target_[1];
    if (resampler_ != nullptr) {
      sampled_row(x, k, out);
    } else {
      direct_row(x, k, out);
    }
  });
  return classes_;
}

void ClassSampler::direct_row(std::int64_t x, std::int64_t k, std::int16_t* out) const {
  std::fill(out, out + target_[1], std::int16_t{0});
  if (x < box_.begin[0] || x >= box_.end[0]) return;
  const ScoreSlice& scores = *held_.at(k);
  for (std::int64_t y = 0; y < scores.ny(); ++y) {
    out[box_.begin[1] + y] =
        kernels_.best_score(scores.at(0, x - box_.begin[0], y), box_.classes, scores.plane());
  }
}

void ClassSampler::sampled_row(std::int64_t x, std::int64_t k, std::int16_t* out) const {
  thread_local SampleRow row;
  resampler_->row(x, k, &row);
  const std::int64_t plane = held_.begin()->second->plane();
  // Neighbouring voxels lie between the same slices, most often.
  std::int64_t lower_z = std::numeric_limits<std::int64_t>::min();
  std::array<const ScoreSlice*, 2> slices{};
  for (std::int64_t y = 0; y < target_[1]; ++y) {
    const Bracket& bx = row.axis[0][static_cast<std::size_t>(y)];
    const Bracket& by = row.axis[1][static_cast<std::size_t>(y)];
    const Bracket& bz = row.axis[2][static_cast<std::size_t>(y)];
    if (bz.lower != lower_z) {
      lower_z = bz.lower;
      slices = {held(lower_z), held(lower_z + 1)};
    }
    // The order of the corners is that of the sum: third axis fastest, lower before upper.
    std::array<ScoreCorner, 8> corners;
    std::int64_t count = 0;
    for (std::size_t dx = 0; dx < 2; ++dx) {
      const std::int64_t at_x = bx.lower + static_cast<std::int64_t>(dx);
      if (at_x < box_.begin[0] || at_x >= box_.end[0]) continue;
      for (std::size_t dy = 0; dy < 2; ++dy) {
        const std::int64_t at_y = by.lower + static_cast<std::int64_t>(dy);
        if (at_y < box_.begin[1] || at_y >= box_.end[1]) continue;
        for (std::size_t dz = 0; dz < 2; ++dz) {
          // A score of 0 outside the box, and a weight of 0 anywhere, add exactly nothing.
          const double weight = (bz.weight[dz] * by.weight[dy]) * bx.weight[dx];
          const std::int64_t at_z = bz.lower + static_cast<std::int64_t>(dz);
          if (weight == 0 || at_z < box_.begin[2] || at_z >= box_.end[2]) continue;
          if (slices[dz] == nullptr) throw Error(ErrorCode::internal, "a slice of scores is not at hand");
          corners[static_cast<std::size_t>(count++)] = {
              slices[dz]->at(0, at_x - box_.begin[0], at_y - box_.begin[1]), weight};
        }
      }
    }
    out[y] = count > 0 ? kernels_.best_sum(corners.data(), count, box_.classes, plane) : std::int16_t{0};
  }
}

const ScoreSlice* ClassSampler::held(std::int64_t z) const {
  const auto found = held_.find(z);
  return found == held_.end() ? nullptr : found->second.get();
}

}  // namespace musclemap::image
