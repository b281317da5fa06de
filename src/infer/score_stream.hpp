// Scores of slices that are asked for one by one, computed as many at once as fill a batch of windows.
#ifndef MUSCLEMAP_INFER_SCORE_STREAM_HPP_
#define MUSCLEMAP_INFER_SCORE_STREAM_HPP_

#include <cstdint>
#include <map>
#include <memory>

#include "infer/class_inferer.hpp"
#include "infer/slice_inferer.hpp"

namespace musclemap::infer {

/// One thread at a time.
class ScoreStream {
 public:
  ScoreStream(std::unique_ptr<SliceInferer> inferer, ClassTask task);
  /// Scores of slice z of the task's box. Each slice is asked for once, in the order of the task.
  std::shared_ptr<const image::ScoreSlice> slice(std::int64_t z);
  std::int64_t windows_done() const { return inferer_->windows_done(); }

 private:
  void compute_from(std::int64_t z);

  std::unique_ptr<SliceInferer> inferer_;
  ClassTask task_;
  std::map<std::int64_t, std::shared_ptr<const image::ScoreSlice>> ready_;
};

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_SCORE_STREAM_HPP_
