// From an image to a label map.
#ifndef MUSCLEMAP_SEGMENTER_HPP_
#define MUSCLEMAP_SEGMENTER_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "musclemap/model_bundle.hpp"
#include "musclemap/run.hpp"
#include "musclemap/task.hpp"
#include "musclemap/version.hpp"
#include "musclemap/volume.hpp"

namespace musclemap {

/// Where a network runs and how its windows are laid. Numbers are not negative.
struct SegmentOptions {
  EngineChoice engine = EngineChoice::automatic;  ///< what computes the network
  Precision precision = Precision::exact;         ///< with which numbers
  /// Where; unset: a GPU if LibTorch can use one, else the CPU.
  std::optional<Device> device;
  /// Part of a window shared with the next one, in [0, 1); unset: 0.9, as MuscleMap.
  std::optional<double> overlap;
  /// Windows handed to the engine at once; 0: one per thread, within the memory budget. Never changes a
  /// result.
  int windows_per_batch = 0;
  /// Slices of the last stored axis that are segmented as if they were a volume of their own, as
  /// MuscleMap does with `-c N`, requantisation included; 0: the whole volume. Changes the result.
  std::int64_t chunk_slices = 0;
  /// Keep every connected component of a label instead of its largest.
  bool all_parts = false;
  /// Set LibTorch's own thread count, which is shared by the whole process, to 1024; 0: leave it alone.
  int torch_threads = 0;
};

/// What a finished run was like.
struct SegmentReport {
  std::string engine;         ///< "native avx512", "torch 2.11.0"
  std::string engine_reason;  ///< why it is not the native one where the choice was left open; else empty
  /// What the native engine was compared with when it was loaded, and why not with a TorchScript model's
  /// program; empty for LibTorch.
  std::string engine_check;
  Precision precision = Precision::exact;  ///< in force
  std::string device;                      ///< "cpu", "cuda:0"
  std::string device_reason;          ///< why it is not a GPU; empty where it is, or a device was asked for
  double overlap = 0;                 ///< in force
  double prepare_seconds = 0;         ///< reading, resampling, statistics
  double infer_seconds = 0;           ///< with blending and the way back to the image's grid
  double filter_seconds = 0;          ///< connected components that are not the largest taken out
  std::int64_t windows = 0;           ///< that the network has seen
  std::int64_t nonfinite_voxels = 0;  ///< NaN and infinite voxels taken as 0
  std::int64_t beyond_float32_voxels = 0;  ///< finite voxels that single precision cannot hold, taken as 0
  /// What a task crops the image to was not found: its own networks were not run, every label is 0.
  bool box_empty = false;
};

/// Labels of a task's run, with what its networks saw and found on the task's own grid.
struct TaskGridLabels {
  Volume labels;       ///< on the image's grid, u8 or i16
  Volume grid_image;   ///< the first image on the task's grid, f32; empty where nothing was run
  Volume grid_labels;  ///< on the same grid, of the type of `labels`; as grid_image
};

/// What a network of a task says of the task's grid, as nnU-Net's predictor returns it with
/// save_probabilities.
struct NetworkProbabilities {
  std::string network;       ///< its part of the task, "organs"; empty where there is no other
  std::int64_t classes = 0;  ///< with the background as the first; of regions those alone
  /// [class][z][y][x] of the grid, x fastest, each 0 to 1. Where the network has seen nothing the background
  /// is 1, and regions are 0.
  std::vector<float> values;
  Geometry grid;   ///< the task's
  Geometry image;  ///< as nnU-Net would have read it; differs from the grid where its reader turns axes
  std::array<int, 3> transpose{0, 1, 2};  ///< the grid's axis (0 z, 1 y, 2 x) that each of the network's is
  Index3 box_begin{};  ///< what the network has seen, along its own axes, the slowest first
  Index3 box_end{};    ///< behind it
};

/// Gets each network's, once it is whole; it lives until the call ends.
using ProbabilitySink = std::function<void(const NetworkProbabilities&)>;

/// Sliding-window segmentation. Move-only; one run at a time, except that the CancelToken works from any
/// thread. The label map is i16 on the image's grid. Memory beside it: a few slices of scores (out_channels
/// floats per voxel of a resampled slice), the engine's weights and activations, and, where the image's third
/// axis is not the one the network slices along, the image itself.
class MUSCLEMAP_API Segmenter {
 public:
  /// Loads the engine and the weights. Errors: `device` (no engine, no such device), `model`, `argument` (an
  /// option out of range; reason `forked` in a child of a process that had made a segmenter), `cancelled`.
  /// @param bundle kept
  /// @param options fixed for the segmenter's life
  /// @param control threads count; hears layers of Stage::prepare; its cancel and a throw of its on_progress
  ///        end the loading between two of them
  explicit Segmenter(ModelBundle bundle, SegmentOptions options = {}, const RunControl& control = {});
  /// The same for a task. Networks are loaded when they are first run and kept from then on; the first one is
  /// loaded here. Error `argument` also for options that belong to networks that see slices (overlap,
  /// chunk_slices, all_parts).
  /// @param task kept
  /// @param options fixed for the segmenter's life
  /// @param control as above
  explicit Segmenter(Task task, SegmentOptions options = {}, const RunControl& control = {});
  ~Segmenter();
  /// What was moved from may only be destroyed or assigned to.
  Segmenter(Segmenter&&) noexcept;
  /// As the constructor that moves.
  /// @return this
  Segmenter& operator=(Segmenter&&) noexcept;

  /// Errors: `geometry` (affine not invertible), `cancelled`, `memory`, `argument` (an empty volume; reason
  /// `forked` in a child of the process that made the segmenter).
  /// @param image of any dtype
  /// @param control progress, cancelling, limits
  /// @return on the image's grid: i16, or u8 where a task's labels are small enough
  Volume run(const Volume& image, const RunControl& control = {});
  /// The same from a stream.
  /// @param image slices are asked for more than once, on the calling thread
  /// @param control progress, cancelling, limits
  /// @return i16 on the image's grid
  Volume run(SlabReader& image, const RunControl& control = {});
  /// The same from and to streams.
  /// @param image slices are asked for more than once, on the calling thread
  /// @param labels gets i16; is not committed
  /// @param control progress, cancelling, limits
  void run(SlabReader& image, SlabWriter& labels, const RunControl& control = {});
  /// A run of a task that takes several images. Error `argument` for another number of images than
  /// task().images(), `geometry` for images of several grids.
  /// @param images slices are asked for more than once, on the calling thread
  /// @param control progress, cancelling, limits
  /// @return on the images' grid: i16, or u8 where a task's labels are small enough
  Volume run(const std::vector<SlabReader*>& images, const RunControl& control = {});
  /// A task's run with what lies on its own grid, which is held until the end. Errors as those of the run
  /// above; `argument` for a model, whose task has no grid of its own.
  /// @param images slices are asked for more than once, on the calling thread
  /// @param control progress, cancelling, limits
  /// @param probabilities gets those of the task's own networks, whose labels are then those of the highest
  ///        probability; empty: they are not made
  /// @return labels on the images' grid and on the task's
  TaskGridLabels run_with_grid(const std::vector<SlabReader*>& images, const RunControl& control = {},
                               const ProbabilitySink& probabilities = {});
  /// Error `memory` where the budget does not suffice.
  /// @param image shape and affine of an image
  /// @param control threads and memory_budget count
  /// @return bytes a run takes at its peak beside what the process holds already; an upper estimate
  std::size_t peak_bytes(const Geometry& image, const RunControl& control = {}) const;
  /// @return of the last run; lives until the next one
  const SegmentReport& report() const noexcept;
  /// Error `argument` where there is a task instead of one.
  /// @return the model
  const ModelBundle& bundle() const;
  /// @return the task, or that which the model means
  const Task& task() const noexcept;
  /// @return task().networks() with the hashes of the files that have been loaded
  std::vector<TaskNetwork> networks() const;
  /// @return as given
  const SegmentOptions& options() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What is written beside a label map.
struct SegmentFileOptions {
  /// Also write `<labels without .nii.gz>.json`: label table, model, settings, versions, times.
  bool sidecar = true;
  /// Also draw the labels over the image into this PNG file; empty: no picture.
  std::filesystem::path picture;
  bool header_text = true;  ///< keep extensions and free text of the image's header
};

/// Segments a NIfTI image of one 3-D volume into a label map with the header of the image (int16, slope 1, as
/// NiftiWriteOptions::like says).
/// The affine is repaired for the run, not in the file, as MuscleMap does when it disagrees with the
/// voxel size. Files appear whole or not at all. Errors: those of open_nifti(), Segmenter::run() and
/// create_nifti(); `argument` if an output would replace an input (the image, the JSON beside it, a file of
/// the model, by any link or spelling) or another output.
/// @param segmenter to be run
/// @param image NIfTI file
/// @param labels .nii or .nii.gz; its folder is made
/// @param options what is written beside it
/// @param control progress, cancelling, limits
MUSCLEMAP_API void segment_file(Segmenter& segmenter, const std::filesystem::path& image,
                                const std::filesystem::path& labels, const SegmentFileOptions& options = {},
                                const RunControl& control = {});

/// The checks of segment_file() that run no model: is there one 3-D volume to read, may the outputs be
/// written. Errors as those of segment_file().
/// @param image NIfTI file
/// @param labels .nii or .nii.gz; its folder is made
/// @param options what is written beside it
/// @param model whose files are not to be replaced; null: not known yet
MUSCLEMAP_API void check_segment_files(const std::filesystem::path& image,
                                       const std::filesystem::path& labels,
                                       const SegmentFileOptions& options = {},
                                       const ModelBundle* model = nullptr);

/// What is known about the inference engine without loading a model.
struct EngineStatus {
  std::string native;        ///< "native avx512": this library's own engine, which is always there
  bool available = false;    ///< it can run networks
  std::string name;          ///< "torch 2.11.0"
  std::string module_file;   ///< the engine module
  std::string library_file;  ///< the LibTorch it uses
  std::string problem;       ///< why it is not available, and how to get it
  bool cuda = false;         ///< it can run them on a GPU
  std::string cuda_problem;  ///< why CUDA is not available
};

/// Opens the engine module and asks. Never throws for a missing engine.
/// @return what is there
MUSCLEMAP_API EngineStatus engine_status();

}  // namespace musclemap

#endif  // MUSCLEMAP_SEGMENTER_HPP_
