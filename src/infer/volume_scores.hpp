// Scores of a volume from windows through one or several networks, in half precision, as nnU-Net sums them on
// a CPU (docs/chains/totalsegmentator.md, section 7.5).
#ifndef MUSCLEMAP_INFER_VOLUME_SCORES_HPP_
#define MUSCLEMAP_INFER_VOLUME_SCORES_HPP_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "image/field.hpp"
#include "image/half_slice.hpp"
#include "infer/engine.hpp"
#include "infer/volume_windows.hpp"

namespace musclemap::infer {

struct VolumeScoreOptions {
  std::int64_t channels = 1;  ///< of the field
  std::int64_t classes = 0;   ///< at least 1
  /// Axes of the network, 0 the slowest, that windows are mirrored along as well; scores are the mean over
  /// all combinations. Empty: none.
  std::vector<int> mirror_axes;
  int threads = 1;
  /// Called before window `n` of `count`, from 0, on the calling thread; throws to stop. May be empty.
  std::function<void(std::int64_t n, std::int64_t count)> before_window;
};

/// Takes the scores of slice z. What it throws ends the run.
using SliceSink = std::function<void(std::int64_t z, const image::HalfSlice& scores)>;

/// The mean over `folds` (one at least) of the weighted means over windows, slice by slice in rising z, each
/// once and as soon as no window is left that sees it. Reads the slices of `field`, a grid of plan.image,
/// once and in rising z. A window's scores times its weights are rounded to float, sums of them and of
/// weights to half after every addition, so is their quotient, and so are sum and mean of the folds, in their
/// order; windows go z, y, x with x fastest. The same bits for any number of threads.
/// Errors: `model` where a score is infinite, and those of the engines.
void volume_scores(image::Field& field, const VolumeWindows& plan, const std::vector<Engine*>& folds,
                   const VolumeScoreOptions& options, const SliceSink& sink);

/// Bytes that volume_scores() holds at most: slices of the field and sums that windows may still touch, one
/// window, and what an engine takes for it with the scores that it makes (`engine_bytes`, NetworkMemory).
std::size_t volume_score_bytes(const VolumeWindows& plan, std::int64_t classes, std::int64_t folds,
                               std::int64_t channels, bool mirrored, std::size_t engine_bytes);

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_VOLUME_SCORES_HPP_
