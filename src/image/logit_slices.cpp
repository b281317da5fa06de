#include "image/logit_slices.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/parallel.hpp"

namespace musclemap::image {
namespace {

constexpr auto kVector = static_cast<std::size_t>(ScoreSlice::kVector);

// The best class so far in each of the 16 places of a vector.
class BestClass {
 public:
  explicit BestClass(std::int64_t classes) : classes_(classes) {}

  // Scores of 16 classes from 16 * block on; blocks in ascending order.
  void add(std::int64_t block, const float* scores) {
    const auto used = static_cast<std::size_t>(
        std::min<std::int64_t>(ScoreSlice::kVector, classes_ - block * ScoreSlice::kVector));
    if (used == kVector) {  // a loop of known length
      for (std::size_t i = 0; i < kVector; ++i) take(i, block, scores[i]);
    } else {
      for (std::size_t i = 0; i < used; ++i) take(i, block, scores[i]);
    }
  }

  // The lowest class on ties; 0 where no score is a number.
  std::int16_t winner() const {
    std::int64_t best = 0;
    float score = -std::numeric_limits<float>::infinity();
    for (std::size_t i = 0; i < kVector; ++i) {
      const std::int64_t c = block_[i] * ScoreSlice::kVector + static_cast<std::int64_t>(i);
      if (score_[i] > score || (score_[i] == score && c < best)) {
        score = score_[i];
        best = c;
      }
    }
    return static_cast<std::int16_t>(best);
  }

 private:
  void take(std::size_t i, std::int64_t block, float score) {
    const bool better = score > score_[i];
    score_[i] = better ? score : score_[i];
    block_[i] = better ? static_cast<std::int32_t>(block) : block_[i];
  }

  static constexpr float kNone = -std::numeric_limits<float>::infinity();
  std::int64_t classes_;
  float score_[kVector] = {kNone, kNone, kNone, kNone, kNone, kNone, kNone, kNone,
                           kNone, kNone, kNone, kNone, kNone, kNone, kNone, kNone};
  std::int32_t block_[kVector] = {};
};

// A neighbour of a voxel that is inside the box and has a weight.
struct Corner {
  const ScoreSlice* slice;
  std::int64_t x;
  std::int64_t y;
  double weight;
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
  const ScoreSlice& scores = *held_.at(k);
  for (std::int64_t y = 0; y < scores.ny(); ++y) {
    BestClass best(box_.classes);
    for (std::int64_t block = 0; block < scores.blocks(); ++block) {
      best.add(block, scores.at(block, x - box_.begin[0], y));
    }
    out[box_.begin[1] + y] = best.winner();
  }
}

void ClassSampler::sampled_row(std::int64_t x, std::int64_t k, std::int16_t* out) const {
  thread_local SampleRow row;
  resampler_->row(x, k, &row);
  const std::int64_t blocks = held_.begin()->second->blocks();
  for (std::int64_t y = 0; y < target_[1]; ++y) {
    const Bracket& bx = row.axis[0][static_cast<std::size_t>(y)];
    const Bracket& by = row.axis[1][static_cast<std::size_t>(y)];
    const Bracket& bz = row.axis[2][static_cast<std::size_t>(y)];
    // The order of the corners is that of the sum: third axis fastest, lower before upper.
    std::array<Corner, 8> corners;
    std::size_t count = 0;
    for (std::size_t dx = 0; dx < 2; ++dx) {
      for (std::size_t dy = 0; dy < 2; ++dy) {
        for (std::size_t dz = 0; dz < 2; ++dz) {
          const Index3 at{bx.lower + static_cast<std::int64_t>(dx), by.lower + static_cast<std::int64_t>(dy),
                          bz.lower + static_cast<std::int64_t>(dz)};
          bool inside = true;
          for (std::size_t a = 0; a < 3; ++a)
            inside = inside && at[a] >= box_.begin[a] && at[a] < box_.end[a];
          // A score of 0 outside the box, and a weight of 0 anywhere, add exactly nothing.
          const double weight = (bz.weight[dz] * by.weight[dy]) * bx.weight[dx];
          if (!inside || weight == 0) continue;
          corners[count++] = {held_.at(at[2]).get(), at[0] - box_.begin[0], at[1] - box_.begin[1], weight};
        }
      }
    }
    out[y] = 0;
    if (count == 0) continue;
    BestClass best(box_.classes);
    for (std::int64_t block = 0; block < blocks; ++block) {
      double sums[kVector] = {};
      for (std::size_t corner = 0; corner < count; ++corner) {
        const float* scores = corners[corner].slice->at(block, corners[corner].x, corners[corner].y);
        for (std::size_t i = 0; i < kVector; ++i) {
          sums[i] += static_cast<double>(scores[i]) * corners[corner].weight;
        }
      }
      float rounded[kVector];
      for (std::size_t i = 0; i < kVector; ++i) rounded[i] = static_cast<float>(sums[i]);
      best.add(block, rounded);
    }
    out[y] = best.winner();
  }
}

}  // namespace musclemap::image
