#include "image/logit_slices.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/parallel.hpp"

namespace musclemap::image {
namespace {

// Neighbours of a row's voxels at one of the eight corners, for all classes alike.
struct Corner {
  std::int64_t dx, dy, dz;
  bool used = false;
  std::vector<const float*> plane;   // class 0 of the slice; not read where the weight is 0
  std::vector<std::int64_t> offset;  // within a plane
  std::vector<double> weight;
};

struct RowWork {
  SampleRow row;
  std::array<Corner, 8> corners;
  std::vector<double> sum;
  std::vector<float> best;
};

}  // namespace

ClassSampler::ClassSampler(const LogitBox& box, const Resampler* resampler, const Index3& target,
                           std::function<LogitSlice(std::int64_t)> slice_of, int threads)
    : box_(box),
      resampler_(resampler),
      target_(target),
      slice_of_(std::move(slice_of)),
      threads_(threads),
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
  const std::int64_t ny = box_.end[1] - box_.begin[1];
  const std::int64_t plane = (box_.end[0] - box_.begin[0]) * ny;
  const float* scores = held_.at(k)->data() + (x - box_.begin[0]) * ny;
  for (std::int64_t y = 0; y < ny; ++y) {
    float best = scores[y];
    std::int16_t winner = 0;
    for (std::int64_t c = 1; c < box_.classes; ++c) {
      const float score = scores[c * plane + y];
      if (score > best) {
        best = score;
        winner = static_cast<std::int16_t>(c);
      }
    }
    out[box_.begin[1] + y] = winner;
  }
}

void ClassSampler::sampled_row(std::int64_t x, std::int64_t k, std::int16_t* out) const {
  thread_local RowWork work;
  const auto count = static_cast<std::size_t>(target_[1]);
  resampler_->row(x, k, &work.row);
  const std::int64_t ny = box_.end[1] - box_.begin[1];
  const std::int64_t plane_size = (box_.end[0] - box_.begin[0]) * ny;

  // The order of the corners is that of the sum: third axis fastest, lower before upper.
  std::size_t slot = 0;
  bool any = false;
  for (std::int64_t dx = 0; dx < 2; ++dx) {
    for (std::int64_t dy = 0; dy < 2; ++dy) {
      for (std::int64_t dz = 0; dz < 2; ++dz) {
        Corner& corner = work.corners[slot++];
        corner.used = false;
        corner.plane.assign(count, nullptr);
        corner.offset.assign(count, 0);
        corner.weight.assign(count, 0);
        for (std::size_t y = 0; y < count; ++y) {
          const Bracket& bx = work.row.axis[0][y];
          const Bracket& by = work.row.axis[1][y];
          const Bracket& bz = work.row.axis[2][y];
          const Index3 at{bx.lower + dx, by.lower + dy, bz.lower + dz};
          bool inside = true;
          for (std::size_t a = 0; a < 3; ++a)
            inside = inside && at[a] >= box_.begin[a] && at[a] < box_.end[a];
          // A score of 0 outside the box, and a weight of 0 anywhere, add exactly nothing.
          const double weight =
              (bz.weight[static_cast<std::size_t>(dz)] * by.weight[static_cast<std::size_t>(dy)]) *
              bx.weight[static_cast<std::size_t>(dx)];
          if (!inside || weight == 0) continue;
          corner.plane[y] = held_.at(at[2])->data();
          corner.offset[y] = (at[0] - box_.begin[0]) * ny + at[1] - box_.begin[1];
          corner.weight[y] = weight;
          corner.used = true;
        }
        any = any || corner.used;
      }
    }
  }
  std::fill(out, out + count, std::int16_t{0});
  if (!any) return;
  work.best.assign(count, -std::numeric_limits<float>::infinity());
  for (std::int64_t c = 0; c < box_.classes; ++c) {
    work.sum.assign(count, 0);
    for (const Corner& corner : work.corners) {
      if (!corner.used) continue;
      for (std::size_t y = 0; y < count; ++y) {
        const double weight = corner.weight[y];
        if (weight != 0) {
          work.sum[y] += static_cast<double>(corner.plane[y][c * plane_size + corner.offset[y]]) * weight;
        }
      }
    }
    for (std::size_t y = 0; y < count; ++y) {
      const auto score = static_cast<float>(work.sum[y]);
      if (score > work.best[y]) {
        work.best[y] = score;
        out[y] = static_cast<std::int16_t>(c);
      }
    }
  }
}

}  // namespace musclemap::image
