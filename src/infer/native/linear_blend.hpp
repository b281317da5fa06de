// Blending before the last layer, for many windows on a slice.
//
// The scores of a slice are sum_w g_w(q) sum_k W_k h_w(q + k), with the windows' last maps h_w (zero outside
// the window), their importance g_w and the nine taps W_k of the last layer. The layer is linear, so this is
// sum_k W_k B_k(q) with B_k(q) = sum_w g_w(q) h_w(q + k): the layer runs once per pixel of the slice, on nine
// maps, instead of once per pixel of every window.
#ifndef MUSCLEMAP_INFER_NATIVE_LINEAR_BLEND_HPP_
#define MUSCLEMAP_INFER_NATIVE_LINEAR_BLEND_HPP_

#include <cstdint>
#include <vector>

#include "base/aligned.hpp"
#include "base/worker_pool.hpp"
#include "image/score_slice.hpp"
#include "infer/native/convolver.hpp"
#include "infer/window_plan.hpp"

namespace musclemap::infer::native {

/// A window's last map as the last layer would read it.
struct WindowFeatures {
  LayerInput features;
  WindowPlace place;
  const float* weights = nullptr;  ///< of its pixels, [x][y]
};

/// Holds the nine maps of the rows that windows still reach. Windows come in the order of window_places().
class LinearBlend {
 public:
  /// `layer` is one of make_gather_layer(), a 3x3 one of stride 1. All must outlive it. At most `windows` are
  /// added at once.
  LinearBlend(const Layer& layer, const Kernels& kernels, base::WorkerPool& pool, const SlicePlan& plan,
              std::int64_t windows);

  /// At most kAddedWindows windows, as many as the constructor was told.
  void add(const std::vector<WindowFeatures>& windows);
  /// No further window reaches the rows below `end`: writes those that are not written yet to `scores`, and
  /// forgets them.
  void finish_rows(std::int64_t end, image::ScoreSlice* scores);
  /// Begins the next slice.
  void restart();

  /// Bytes of the nine maps if so many windows are added at once.
  static std::int64_t bytes(int feature_blocks, const SlicePlan& plan, std::int64_t windows);

 private:
  static constexpr std::int64_t kTaps = 9;

  float* row(std::int64_t tap, std::int64_t block, std::int64_t x);
  void add_rows(const std::vector<WindowFeatures>& windows, int block, std::int64_t x_begin,
                std::int64_t x_end, float* scratch);
  void multiply_row(std::int64_t x, float* scratch, image::ScoreSlice* scores);
  std::int64_t row_scratch() const;
  void need_scratch(std::int64_t floats);

  const Layer& layer_;
  const Kernels& kernels_;
  base::WorkerPool& pool_;
  const SlicePlan& plan_;
  int blocks_;                // of the features
  std::int64_t ring_rows_;    // row x of the slice lies in row x % ring_rows_
  base::AlignedFloats maps_;  // [tap][block][ring row][y][16]
  std::vector<base::AlignedFloats> scratch_;
  std::int64_t begun_ = 0;     // rows before it hold sums
  std::int64_t finished_ = 0;  // rows before it are written
};

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_LINEAR_BLEND_HPP_
