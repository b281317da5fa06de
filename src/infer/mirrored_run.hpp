// A window through a network, and mirrored along axes as well.
#ifndef MUSCLEMAP_INFER_MIRRORED_RUN_HPP_
#define MUSCLEMAP_INFER_MIRRORED_RUN_HPP_

#include <cstdint>
#include <vector>

#include "infer/engine.hpp"

namespace musclemap::infer {

/// Runs one window of `shape` {1, channels, spatial axes..} and, for every combination of `axes` (spatial, 0
/// the slowest), the window mirrored along them, whose scores are mirrored back; hands on the mean.
/// Combinations of fewer axes come first, those of one size in the order of `axes`; sums are floats (nnU-Net
/// 2, `_internal_maybe_mirror_and_predict`). Errors: those of the engine.
void mirrored_run(Engine& engine, const std::vector<float>& window, const std::vector<std::int64_t>& shape,
                  std::int64_t classes, const std::vector<int>& axes, int threads, const ScoreTaker& taker);

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_MIRRORED_RUN_HPP_
