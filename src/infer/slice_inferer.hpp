// Sliding-window inference of 2-D slices (MuscleMap spec, section 4.7).
#ifndef MUSCLEMAP_INFER_SLICE_INFERER_HPP_
#define MUSCLEMAP_INFER_SLICE_INFERER_HPP_

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "infer/engine.hpp"
#include "infer/window_plan.hpp"

namespace musclemap::infer {

struct SliceInfererOptions {
  std::int64_t classes = 0;
  std::int64_t windows_per_batch = 1;
  int threads = 1;
  /// Called before every batch; throws to stop.
  std::function<void()> before_batch;
};

/// Blended scores of slices of one size. One thread at a time.
class SliceInferer {
 public:
  /// Windows along x and y. The image is padded with zeros at the high end to `padded_x` and `padded_y` by
  /// the plans' caller; the scores cover [0, image_x) and [0, image_y) alone.
  SliceInferer(Engine& engine, AxisPlan x, AxisPlan y, std::int64_t image_x, std::int64_t image_y,
               SliceInfererOptions options);

  std::int64_t windows_per_slice() const;
  /// Windows that were run so far.
  std::int64_t windows_done() const { return windows_done_; }

  /// Scores [class][x][y] for each of the given images, [x][y] with y fastest. What a slice's scores are does
  /// not depend on the other slices.
  std::vector<std::shared_ptr<const std::vector<float>>> run(const std::vector<const float*>& images);

 private:
  struct Job {
    std::size_t image;
    std::int64_t x;  ///< first voxel of the window in the image; negative where it starts in the padding
    std::int64_t y;
  };

  void cut(const float* image, const Job& job, float* window) const;
  void add(const float* logits, const Job& job, std::int64_t c, float* scores) const;

  Engine& engine_;
  AxisPlan x_;
  AxisPlan y_;
  std::int64_t image_x_;
  std::int64_t image_y_;
  SliceInfererOptions options_;
  std::vector<float> importance_;
  std::vector<float> total_importance_;  // [x][y]
  std::vector<float> windows_;
  std::vector<float> logits_;
  std::int64_t windows_done_ = 0;
};

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_SLICE_INFERER_HPP_
