// Blended scores of whole slices (docs/chains/musclemap.md, section 4.7).
#ifndef MUSCLEMAP_INFER_SLICE_INFERER_HPP_
#define MUSCLEMAP_INFER_SLICE_INFERER_HPP_

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "image/score_slice.hpp"

namespace musclemap::infer {

struct SliceInfererOptions {
  std::int64_t classes = 0;
  /// Windows that may be held at once, at least 1. Never changes a result.
  std::int64_t windows_at_once = 1;
  int threads = 1;
  /// Blend and find classes where the network runs; so it is on a GPU in any case.
  bool on_device = false;
  /// Called before every window or batch of them; throws to stop.
  std::function<void()> before_batch;
};

/// Blended scores of slices of one size. One thread at a time.
class SliceInferer {
 public:
  virtual ~SliceInferer() = default;
  /// How many slices run() should be given at once.
  virtual std::int64_t slices_at_once() const = 0;
  /// Windows that were run so far.
  virtual std::int64_t windows_done() const = 0;
  /// Scores for each of the given images, [x][y] with y fastest. What a slice's scores are does not depend on
  /// the other slices.
  virtual std::vector<std::shared_ptr<const image::ScoreSlice>> run(
      const std::vector<const float*>& images) = 0;
};

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_SLICE_INFERER_HPP_
