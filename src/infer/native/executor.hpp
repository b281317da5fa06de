// Runs a program on windows of one size.
#ifndef MUSCLEMAP_INFER_NATIVE_EXECUTOR_HPP_
#define MUSCLEMAP_INFER_NATIVE_EXECUTOR_HPP_

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/aligned.hpp"
#include "base/worker_pool.hpp"
#include "infer/native/convolver.hpp"
#include "infer/native/feature_map.hpp"
#include "infer/native/head_rows.hpp"
#include "infer/native/map_plan.hpp"
#include "infer/native/program.hpp"

namespace musclemap::infer::native {

/// Holds the maps; each window replaces the one before.
class Executor {
 public:
  /// All must outlive it. `sizes` of a window, one an axis, the slowest first. Error `model` for sizes that
  /// the network does not take.
  Executor(const Program& program, const Kernels& kernels, base::WorkerPool& pool,
           std::vector<std::int64_t> sizes, HeadPlace head);

  const std::vector<std::int64_t>& sizes() const { return sizes_; }
  const Extent& extent() const { return extent_; }

  /// Error `model` unless the first output has the sizes of the window.
  void check_scores() const;
  /// Runs the whole program; `images` are those of the graph's ports, [channel][plane][row][column]. Nothing
  /// is left to do where each channel has one value throughout, and had it the last time.
  void run(const std::vector<const float*>& images);
  /// Whether run() leaves the scores to be computed by stream_scores().
  bool streams() const { return head_rows_.has_value(); }
  /// The scores of what run() left.
  void stream_scores(const ScoreTaker& taker);
  /// What run() left at a port, [channel][plane][row][column] or [channel].
  void write_output(std::size_t port, float* to);
  const net::LayerShape& output_shape(std::size_t port) const { return plan_.outputs[port]; }

  /// With HeadPlace::apart: runs a program but for its head. What that reads goes to `features`, one of
  /// make_features().
  void run_to_head(const std::vector<const float*>& images, FeatureMap* features);
  FeatureMap make_features() const;
  Convolver& convolver() { return convolver_; }

  /// Called after each convolution of a run with what it read and wrote. The norms of its output are those of
  /// norm_of().
  using Observer = std::function<void(const Convolution& convolution, const std::vector<MeasuredNorm>& norms,
                                      const LayerInput& input, const Map& output)>;
  void set_observer(Observer observer) { observer_ = std::move(observer); }
  /// Called before each operation of a run; what it throws ends the run.
  void set_between_layers(std::function<void()> between) { between_layers_ = std::move(between); }
  Activation norm_of(const MeasuredNorm& norm) { return activation_of(norm.activation).activation(); }

 private:
  void run_operations(const std::vector<const float*>& images);
  void store_stream();
  std::vector<float> constants_of(const std::vector<const float*>& images) const;
  Map map_of(const Value& value) const;
  LayerInput input_of(const Value& value);
  /// With what the norms have measured.
  const ActivationArrays& activation_of(int index);
  void run(const Operation& operation);
  void convolve(const Operation& operation);
  void combine(const Operation& operation);
  /// The sum of two activated maps, or the one; `output` may be one of them.
  void combine(const LayerInput& a, const LayerInput* b, const Map& output);
  void load(const Operation& operation);
  void measure(const Operation& operation);
  void resize(const Operation& operation);
  void global_mean(const Operation& operation);
  void add_vector(const Operation& operation);
  /// Moments of an activated map.
  ChannelMoments moments_of(const LayerInput& input);
  void set_norms(const Operation& operation, const ChannelMoments& moments);

  const Program& program_;
  const Kernels& kernels_;
  base::WorkerPool& pool_;
  Convolver convolver_;
  std::vector<std::int64_t> sizes_;
  Extent extent_;  // of a window
  MapPlan plan_;
  base::AlignedFloats memory_;
  std::vector<ActivationArrays> activations_;
  std::optional<HeadRows> head_rows_;
  FeatureMap scores_;  // of run(), if the head gives them and not head_rows_
  Observer observer_;
  std::function<void()> between_layers_;
  std::vector<float> left_of_;  // the values of the images that run() has left its maps of, if it knows
  // Of the window that runs.
  std::vector<const float*> images_;
  float* head_map_ = nullptr;
};

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_EXECUTOR_HPP_
