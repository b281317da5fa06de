// What a run of a task will do, and what it will hold, before a voxel is read.
#ifndef MUSCLEMAP_TASK_PLAN_HPP_
#define MUSCLEMAP_TASK_PLAN_HPP_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "decode/half_classes.hpp"
#include "image/half_pixel_back.hpp"
#include "image/oriented_field.hpp"
#include "infer/engine.hpp"
#include "infer/volume_windows.hpp"
#include "musclemap/volume.hpp"
#include "task/task_spec.hpp"

namespace musclemap::task {

/// What a plan asks of the world beside task and image.
struct Machine {
  /// Engine::memory(); empty: an engine that takes nothing.
  std::function<infer::EngineMemory(const infer::SlicePlan&, std::int64_t classes)> engine;
  /// What one window of those sizes, slowest axis first, takes in a network that sees volumes; empty:
  /// nothing.
  std::function<std::size_t(const NetworkRef&, const std::vector<std::int64_t>& sizes, std::int64_t classes)>
      window;
  std::size_t model_bytes = 0;  ///< the weights, as often as they are held; of all networks
  DType stored = DType::f64;    ///< of the image's voxels; the widest where that is not known
};

/// One stage of a plan.
struct StagePlan {
  std::vector<image::Grid> grids;         ///< behind each step of the stage
  std::vector<image::Measured> measured;  ///< of each of these steps
  infer::WindowPlan windows;              ///< of the network's grid

  // Of a stage whose network sees slices (docs/chains/musclemap.md): its third axis is swept.
  image::WayBack back;     ///< of scores, to the task's grid
  infer::SlicePlan slice;  ///< windows of one slice

  // Of a stage with half-precision sums (docs/chains/totalsegmentator.md).
  infer::VolumeWindows volume;
  image::HalfPixelBack half_back;  ///< of scores, to the grid that they are decoded on
  image::LabelsBack labels_back;   ///< of labels, from there to the task's grid
};

/// Plain value. Everything but the box of a crop is known before a voxel is read; until it is, the box is the
/// whole grid, and no figure grows when it becomes known.
struct Plan {
  /// As stored, then behind each step of the task; of the first chunk where there are some.
  std::vector<image::Grid> grids;
  image::Orientation orientation;  ///< from stored axes to the task's
  image::LabelsBack labels_back;   ///< from the task's grid to the stored one
  std::vector<StagePlan> stages;   ///< of the whole grid, without slabs
  std::shared_ptr<const Plan> rough;
  std::shared_ptr<const Plan> previous;
  std::shared_ptr<const Plan> beside;

  std::size_t fixed_bytes = 0;       ///< held at the peak whatever the windows; with the model's
  std::size_t per_window_bytes = 0;  ///< for each window that is held at once
  std::int64_t useful_windows = 0;   ///< at once make the engine fastest; 0: as many as there are threads

  /// Beside what the process holds anyway; an upper estimate.
  std::size_t peak_bytes(std::int64_t windows_at_once) const {
    return fixed_bytes + per_window_bytes * static_cast<std::size_t>(windows_at_once);
  }
  /// True when rising z of the task's grid means falling stored slices.
  bool falling() const { return image::streams(orientation) && orientation.flip[2]; }
};

/// Error `geometry` for an affine of no volume and for grids that no image has; those of the steps.
Plan bound(const TaskSpec& task, const Geometry& image, const Machine& machine);

/// The same without its figures, and without those of the rough task and the one beside.
Plan lay_out(const TaskSpec& task, const Geometry& image);

/// A stage that begins on that grid; `measured`: what is known of its steps, the first ones or all.
StagePlan plan_stage(const StageSpec& stage, const image::Grid& from, std::vector<image::Measured> measured);

/// Windows to be held at once: `wanted`, or as many as fit into `memory_budget` bytes (0: what the machine
/// has at hand). Error `memory` where none does.
std::int64_t windows_that_fit(const Plan& plan, std::int64_t wanted, std::size_t memory_budget);

/// Of a stage with half-precision sums, for one thread: region c + 1 is channel c's.
decode::HalfDecoding half_decoding(const TaskSpec& task, const StageSpec& stage, const StagePlan& plan);

/// The smallest type that holds what run_task() gives: u8 or i16.
DType class_dtype(const TaskSpec& task);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_PLAN_HPP_
