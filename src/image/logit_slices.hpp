// Scores per class on one grid, and the best class on another.
#ifndef MUSCLEMAP_IMAGE_LOGIT_SLICES_HPP_
#define MUSCLEMAP_IMAGE_LOGIT_SLICES_HPP_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "image/class_kernels.hpp"
#include "image/logit_box.hpp"
#include "image/resampler.hpp"
#include "image/score_slice.hpp"
#include "musclemap/geometry.hpp"

namespace musclemap::image {

/// Scores of one slice of the box. Shared and never changed.
using LogitSlice = std::shared_ptr<const ScoreSlice>;

/// Class of the highest score, the lowest class on ties, for the slices of a target grid.
class ClassSampler {
 public:
  /// `resampler` goes from the target's voxels to those of the resampled grid; null: the grids are one.
  /// `slice_of(z)` is asked for slices of the box alone, in the order in which target slices need them: from
  /// the last to the first if `falling`.
  ClassSampler(const LogitBox& box, const Resampler* resampler, const Index3& target,
               std::function<LogitSlice(std::int64_t)> slice_of, int threads, bool falling = false);

  /// Classes of target slice k, [x][y] with y fastest.
  const std::vector<std::int16_t>& slice(std::int64_t k);

 private:
  void direct_row(std::int64_t x, std::int64_t k, std::int16_t* out) const;
  void sampled_row(std::int64_t x, std::int64_t k, std::int16_t* out) const;
  void clear_row(const SampleRow& row, std::int16_t* out) const;
  std::int16_t sampled_class(const SampleRow& row, std::size_t y) const;
  bool in_box(std::size_t axis, std::int64_t at) const;
  const ScoreSlice& slice_at(std::int64_t z) const;  // one that is held

  LogitBox box_;
  const Resampler* resampler_;
  Index3 target_;
  std::function<LogitSlice(std::int64_t)> slice_of_;
  int threads_;
  bool falling_;
  const ClassKernels& kernels_;
  std::map<std::int64_t, LogitSlice> held_;
  std::vector<std::int16_t> classes_;
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LOGIT_SLICES_HPP_
