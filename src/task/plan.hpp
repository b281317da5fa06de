// What a run of a task will do, and what it will hold, before a voxel is read.
#ifndef MUSCLEMAP_TASK_PLAN_HPP_
#define MUSCLEMAP_TASK_PLAN_HPP_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "image/oriented_field.hpp"
#include "infer/engine.hpp"
#include "musclemap/volume.hpp"
#include "task/task_spec.hpp"

namespace musclemap::task {

/// What a plan asks of the world beside task and image.
struct Machine {
  /// Engine::memory(); empty: an engine that takes nothing.
  std::function<infer::EngineMemory(const infer::SlicePlan&, std::int64_t classes)> engine;
  std::size_t model_bytes = 0;  ///< the weights, as often as they are held
  DType stored = DType::f64;    ///< of the image's voxels; the widest where that is not known
};

/// Plain value. Everything but the box of a crop is known before a voxel is read; until it is, the box is the
/// whole grid, and no figure grows when it becomes known.
struct Plan {
  /// As stored, then behind each step of the task and of its stage; of the first chunk where there are some.
  std::vector<image::Grid> grids;
  std::vector<image::Measured> measured;  ///< of each of these steps
  image::Orientation orientation;         ///< from stored axes to the task's
  image::WayBack back;                    ///< of scores, to the task's grid
  infer::WindowPlan windows;              ///< of the network's grid; its third axis is swept
  infer::SlicePlan slice;                 ///< those of one slice

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

/// The plan with what steps have measured.
Plan resolve(const TaskSpec& task, const Plan& bound, const std::vector<image::Measured>& measured);

/// Windows to be held at once: `wanted`, or as many as fit into `memory_budget` bytes (0: what the machine
/// has at hand). Error `memory` where none does.
std::int64_t windows_that_fit(const Plan& plan, std::int64_t wanted, std::size_t memory_budget);

/// The smallest type that holds the task's class indices: u8 or i16.
DType class_dtype(const TaskSpec& task);

/// All steps, the task's before the stage's.
std::vector<image::Step> all_steps(const TaskSpec& task);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_PLAN_HPP_
