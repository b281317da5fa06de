// Scores per class on one grid, and the best class on another.
#ifndef MUSCLEMAP_DECODE_LOGIT_SLICES_HPP_
#define MUSCLEMAP_DECODE_LOGIT_SLICES_HPP_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "decode/class_kernels.hpp"
#include "image/score_slice.hpp"
#include "image/steps/parts.hpp"

namespace musclemap::decode {

/// Scores of one slice of a box. Shared and never changed.
using Scores = std::shared_ptr<const image::ScoreSlice>;

/// Class of the highest score, the lowest class on ties, for the slices of a target grid.
class BestClasses {
 public:
  /// `scores_of(z)` is asked for slices of the box alone, in the order in which target slices need them: from
  /// the last to the first if `falling`.
  BestClasses(std::int64_t classes, image::WayBack back, std::function<Scores(std::int64_t)> scores_of,
              int threads, bool falling = false);

  /// Classes of target slice k, [x][y] with y fastest.
  const std::vector<std::int16_t>& slice(std::int64_t k);

 private:
  void direct_row(std::int64_t x, std::int64_t k, std::int16_t* out) const;
  void sampled_row(std::int64_t x, std::int64_t k, std::int16_t* out) const;
  void clear_row(const image::SampleRow& row, std::int16_t* out) const;
  std::int16_t sampled_class(const image::SampleRow& row, std::size_t y) const;
  bool in_box(std::size_t axis, std::int64_t at) const;
  const image::ScoreSlice& slice_at(std::int64_t z) const;  // one that is held

  std::int64_t count_;
  image::WayBack back_;
  std::function<Scores(std::int64_t)> scores_of_;
  int threads_;
  bool falling_;
  const ClassKernels& kernels_;
  std::map<std::int64_t, Scores> held_;
  std::vector<std::int16_t> classes_;
};

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_LOGIT_SLICES_HPP_
