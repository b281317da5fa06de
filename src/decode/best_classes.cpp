#include "decode/best_classes.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/aligned.hpp"
#include "base/parallel.hpp"
#include "image/held_slices.hpp"
#include "musclemap/error.hpp"

namespace musclemap::decode {

using image::Bracket;
using image::SampleRow;
using image::ScoreSlice;

BestClasses::BestClasses(std::int64_t classes, image::WayBack back,
                         std::function<Scores(std::int64_t)> scores_of, int threads, bool falling)
    : count_(classes),
      back_(std::move(back)),
      scores_of_(std::move(scores_of)),
      threads_(threads),
      falling_(falling),
      kernels_(class_kernels_for(base::best_isa())),
      classes_(static_cast<std::size_t>(back_.target[0] * back_.target[1])) {}

const std::vector<std::int16_t>& BestClasses::slice(std::int64_t k) {
  image::hold_slices(back_.box, back_.resampler.get(), k, falling_, scores_of_, &held_);
  if (held_.empty()) {
    std::fill(classes_.begin(), classes_.end(), std::int16_t{0});
    return classes_;
  }
  // Neighbouring rows read the same scores: a thread takes several, and finds them in its cache.
  constexpr std::int64_t kRows = 16;
  base::parallel_for((back_.target[0] + kRows - 1) / kRows, threads_, [&](std::int64_t n) {
    for (std::int64_t x = n * kRows; x < std::min((n + 1) * kRows, back_.target[0]); ++x) {
      std::int16_t* out = classes_.data() + x * back_.target[1];
      if (back_.resampler != nullptr) {
        sampled_row(x, k, out);
      } else {
        direct_row(x, k, out);
      }
    }
  });
  return classes_;
}

void BestClasses::direct_row(std::int64_t x, std::int64_t k, std::int16_t* out) const {
  std::fill(out, out + back_.target[1], std::int16_t{0});
  if (x < back_.box.begin[0] || x >= back_.box.end[0]) return;
  const ScoreSlice& scores = *held_.at(k);
  for (std::int64_t y = 0; y < scores.ny(); ++y) {
    out[back_.box.begin[1] + y] =
        kernels_.best_score(scores.at(0, x - back_.box.begin[0], y), count_, scores.plane());
  }
}

namespace {

bool same(const Bracket& a, const Bracket& b) { return a.lower == b.lower && a.weight == b.weight; }

bool all_same(const std::vector<Bracket>& brackets) {
  return std::all_of(brackets.begin(), brackets.end(),
                     [&](const Bracket& b) { return same(b, brackets[0]); });
}

}  // namespace

void BestClasses::sampled_row(std::int64_t x, std::int64_t k, std::int16_t* out) const {
  thread_local SampleRow row;
  back_.resampler->row(x, k, &row);
  std::fill(out, out + back_.target[1], kUndecided);
  // Where grids are not turned against each other, as most are not, a row stays between the same lines.
  if (back_.target[1] > 0 && all_same(row.axis[0]) && all_same(row.axis[2])) clear_row(row, out);
  for (std::int64_t y = 0; y < back_.target[1]; ++y) {
    if (out[y] == kUndecided) out[y] = sampled_class(row, static_cast<std::size_t>(y));
  }
}

// The pixels of the row that floats decide.
void BestClasses::clear_row(const SampleRow& row, std::int16_t* out) const {
  const Bracket& bx = row.axis[0][0];
  const Bracket& bz = row.axis[2][0];
  std::array<ScoreLine, 4> lines;
  std::int64_t count = 0;
  for (std::size_t dx = 0; dx < 2; ++dx) {
    for (std::size_t dz = 0; dz < 2; ++dz) {
      const double weight = bz.weight[dz] * bx.weight[dx];
      const std::int64_t at_x = bx.lower + static_cast<std::int64_t>(dx);
      const std::int64_t at_z = bz.lower + static_cast<std::int64_t>(dz);
      if (weight == 0 || !in_box(0, at_x) || !in_box(2, at_z)) continue;
      lines[static_cast<std::size_t>(count++)] = {slice_at(at_z).at(0, at_x - back_.box.begin[0], 0), weight};
    }
  }
  if (count == 0) return;
  // Pixels that have a neighbour in the box are neighbours themselves.
  thread_local std::vector<PlacePair> pixels;
  pixels.clear();
  std::int64_t first = 0;
  for (std::int64_t y = 0; y < back_.target[1]; ++y) {
    const Bracket& by = row.axis[1][static_cast<std::size_t>(y)];
    const bool lower = by.weight[0] != 0 && in_box(1, by.lower);
    const bool upper = by.weight[1] != 0 && in_box(1, by.lower + 1);
    if (!lower && !upper) continue;
    if (pixels.empty()) first = y;
    const std::int64_t place = by.lower - back_.box.begin[1];
    // One that adds nothing is not looked at: nothing times a score that is no number would be none.
    pixels.push_back({lower ? place : place + 1, upper ? place + 1 : place, lower ? by.weight[0] : 0,
                      upper ? by.weight[1] : 0});
  }
  thread_local base::AlignedFloats scratch;
  const std::int64_t needed = 3 * held_.begin()->second->blocks() * ScoreSlice::kVector;
  if (scratch.size() < needed) scratch = base::AlignedFloats(needed);
  kernels_.clear_row(lines.data(), count, pixels.data(), static_cast<std::int64_t>(pixels.size()), count_,
                     held_.begin()->second->plane(), 0, scratch.data(), out + first);
}

std::int16_t BestClasses::sampled_class(const SampleRow& row, std::size_t y) const {
  const Bracket& bx = row.axis[0][y];
  const Bracket& by = row.axis[1][y];
  const Bracket& bz = row.axis[2][y];
  // The order of the corners is that of the sum: third axis fastest, lower before upper.
  std::array<ScoreCorner, 8> corners;
  std::int64_t count = 0;
  for (std::size_t dx = 0; dx < 2; ++dx) {
    const std::int64_t at_x = bx.lower + static_cast<std::int64_t>(dx);
    if (!in_box(0, at_x)) continue;
    for (std::size_t dy = 0; dy < 2; ++dy) {
      const std::int64_t at_y = by.lower + static_cast<std::int64_t>(dy);
      if (!in_box(1, at_y)) continue;
      for (std::size_t dz = 0; dz < 2; ++dz) {
        // A score of 0 outside the box, and a weight of 0 anywhere, add exactly nothing.
        const double weight = (bz.weight[dz] * by.weight[dy]) * bx.weight[dx];
        const std::int64_t at_z = bz.lower + static_cast<std::int64_t>(dz);
        if (weight == 0 || !in_box(2, at_z)) continue;
        corners[static_cast<std::size_t>(count++)] = {
            slice_at(at_z).at(0, at_x - back_.box.begin[0], at_y - back_.box.begin[1]), weight};
      }
    }
  }
  if (count == 0) return 0;
  return kernels_.best_sum(corners.data(), count, count_, held_.begin()->second->plane());
}

bool BestClasses::in_box(std::size_t axis, std::int64_t at) const {
  return at >= back_.box.begin[axis] && at < back_.box.end[axis];
}

const ScoreSlice& BestClasses::slice_at(std::int64_t z) const {
  const auto found = held_.find(z);
  if (found == held_.end()) throw Error(ErrorCode::internal, "a slice of scores is not at hand");
  return *found->second;
}

}  // namespace musclemap::decode
