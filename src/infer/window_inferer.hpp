// Sliding windows through any engine, blended one after the other.
#ifndef MUSCLEMAP_INFER_WINDOW_INFERER_HPP_
#define MUSCLEMAP_INFER_WINDOW_INFERER_HPP_

#include <cstdint>
#include <memory>
#include <vector>

#include "infer/engine.hpp"
#include "infer/slice_inferer.hpp"

namespace musclemap::infer {

class WindowInferer : public SliceInferer {
 public:
  WindowInferer(Engine& engine, SlicePlan plan, SliceInfererOptions options);

  std::int64_t slices_at_once() const override;
  std::int64_t windows_done() const override { return windows_done_; }
  std::vector<std::shared_ptr<const image::ScoreSlice>> run(const std::vector<const float*>& images) override;

 private:
  struct Job {
    std::size_t image;
    WindowPlace place;
  };

  void add(const float* logits, const WindowPlace& place, std::int64_t block,
           image::ScoreSlice* scores) const;

  Engine& engine_;
  SlicePlan plan_;
  SliceInfererOptions options_;
  std::vector<float> total_importance_;  // [x][y]
  std::vector<float> windows_;
  std::vector<float> logits_;
  std::int64_t windows_done_ = 0;
};

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_WINDOW_INFERER_HPP_
