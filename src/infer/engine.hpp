// Something that runs a network on windows.
#ifndef MUSCLEMAP_INFER_ENGINE_HPP_
#define MUSCLEMAP_INFER_ENGINE_HPP_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "infer/class_inferer.hpp"
#include "infer/device_volume.hpp"
#include "infer/network.hpp"
#include "infer/slice_inferer.hpp"
#include "infer/window_plan.hpp"
#include "musclemap/run.hpp"

namespace musclemap::infer {

/// What an engine takes beside its weights.
struct EngineMemory {
  std::size_t fixed = 0;
  std::size_t per_window = 0;       ///< that is held at once
  std::int64_t useful_windows = 0;  ///< held at once make the engine fastest; 0: as many as there are threads
};

/// A piece of a row of a window's scores: of class c at (z, y, x + i), i < count, values[c * stride + i].
/// Windows of two axes have z 0.
struct ScorePiece {
  std::int64_t z = 0;
  std::int64_t y = 0;
  std::int64_t x = 0;
  std::int64_t count = 0;
  const float* values = nullptr;
  std::int64_t stride = 0;
};
/// Called by several threads at a time, each place of a window once. Must not throw.
using TakeScores = std::function<void(const ScorePiece& piece)>;

/// Who takes the scores of a window, plane by plane.
struct ScoreTaker {
  /// On the calling thread, once the network has run and the pieces of the planes before are taken, before
  /// those of plane z; may throw.
  std::function<void(std::int64_t z)> plane;
  TakeScores piece;
};

/// Hands on the scores of a window of that shape, (1, channels, spatial axes..), by rows: `scores` are
/// (class, spatial axes..).
void take_rows(const float* scores, const std::vector<std::int64_t>& shape, int threads,
               const ScoreTaker& taker);

/// A loaded network on one device. One thread at a time.
class Engine {
 public:
  virtual ~Engine() = default;
  /// "torch 2.11.0".
  virtual const std::string& name() const = 0;
  /// Runs `shape[0]` windows. `windows` is (count, channels, spatial axes..), last axis fastest; `logits` has
  /// room for (count, out_channels, spatial axes..). The result for a window does not depend on the others.
  /// Errors: `model` if the network's output has another shape, `memory`, `device`.
  virtual void run(const float* windows, const std::vector<std::int64_t>& shape, std::int64_t out_channels,
                   float* logits) = 0;
  /// Runs one window and hands its scores on, so that those of a window need not be held. Here: of run(), in
  /// rows, by `threads` of them. Errors: as run().
  virtual void stream(const float* window, const std::vector<std::int64_t>& shape, std::int64_t out_channels,
                      int threads, const ScoreTaker& taker);
  /// The same for networks of several ports: one tensor an input port, (count, channels, spatial axes..),
  /// gives one an output port, of any size; (count, channels) for a vector. An input of one window is shared
  /// by all of the others. Here: error `unsupported`.
  virtual std::vector<net::Tensor> run_ports(const std::vector<net::Tensor>& inputs);
  /// Blended scores of slices; the engine must outlive it. Here: windows through run(), batch by batch.
  virtual std::unique_ptr<SliceInferer> infer_slices(const SlicePlan& plan,
                                                     const SliceInfererOptions& options);
  /// Classes of target slices, found in a way of the engine's own; the engine must outlive it. Null: there is
  /// none, and they are those of the scores of infer_slices().
  virtual std::unique_ptr<ClassInferer> infer_classes(const SlicePlan& plan,
                                                      const SliceInfererOptions& options,
                                                      const ClassTask& task);
  /// Whether it has found the classes of a volume in a way of its own, as device_volume_classes(); false:
  /// there is none, and they are those of volume_scores().
  virtual bool find_volume_classes(image::Field& field, const VolumeWindows& plan,
                                   const DeviceVolumeOptions& options, const ClassSink& sink);
  /// Called between the layers of a window, on the thread that runs it, until another one is set; what it
  /// throws ends the run and comes out. Here: there is no such moment.
  virtual void set_between_layers(const std::function<void()>& /*between*/) {}
  /// Gives back what was kept for windows of one size; the next run takes it again.
  virtual void rest() {}
  /// Of slices of that plan.
  virtual EngineMemory memory(const SlicePlan& plan, std::int64_t classes) const;
};

/// What the torch engine module says of itself.
struct TorchProbe {
  bool available = false;
  std::string name;
  std::string module_file;
  std::string library_folder;
  std::string problem;
  bool cuda = false;
  std::string cuda_problem;
};

/// Where a host that carries the engine keeps it: the folder of the engine modules and LibTorch's own folder
/// (which holds lib/). What MUSCLEMAP_ENGINE_PATH and MUSCLEMAP_TORCH_DIR name comes first, the places of the
/// installation after; an empty path names nothing. Thread-safe; takes effect until an engine is open.
void set_engine_places(const std::filesystem::path& module_folder, const std::filesystem::path& torch_folder);

/// Finds the module and LibTorch, opens them, asks; `with_cuda` also opens LibTorch's CUDA part. Never
/// throws.
TorchProbe probe_torch(bool with_cuda);

/// Opens the module on first use and loads the network. Errors: `device` (no module, no LibTorch, no such
/// device), `model`. `torch_threads` > 0 sets LibTorch's process-wide thread count.
/// `half`: 16-bit floats on a GPU, blended in 32.
std::unique_ptr<Engine> load_torch_engine(const Network& network, const Device& device, int torch_threads,
                                          bool half = false);

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_ENGINE_HPP_
