// The interpreter of tasks.
#ifndef MUSCLEMAP_TASK_RUN_TASK_HPP_
#define MUSCLEMAP_TASK_RUN_TASK_HPP_

#include <cstdint>
#include <vector>

#include "image/oriented_field.hpp"
#include "infer/engine.hpp"
#include "musclemap/run.hpp"
#include "musclemap/segmenter.hpp"
#include "musclemap/volume.hpp"
#include "task/networks.hpp"
#include "task/plan.hpp"

namespace musclemap::task {

/// Never change a result.
struct RunSettings {
  std::int64_t windows_at_once = 1;
  int threads = 1;
};

/// What one run did.
struct TaskReport {
  double prepare_seconds = 0;
  double infer_seconds = 0;
  double filter_seconds = 0;
  std::int64_t windows = 0;
  image::VoxelsSeen seen;
  bool labelled = false;   ///< a voxel has another class than 0 before the polish
  bool box_empty = false;  ///< the rough task has found nothing, so that nothing else was run
  bool truncated = false;  ///< values were made whole numbers, toward zero

  /// Voxels that were read once more.
  void see(const image::VoxelsSeen& more);
  /// Times and windows of a task that was run for this one, and the range of values that it saw.
  void add(const TaskReport& other);
};

/// A run on the grid of its task: what the networks saw, one channel, and the labels there.
struct TaskGrid {
  Volume image;   ///< f32
  Volume labels;  ///< of type class_dtype()
};

/// Of the images' voxels (task.images of them, on one grid), of type class_dtype(): label values where sums
/// are in half precision, else class indices. `plan` is bound() of the image, whose memory was granted.
/// Reports Stage::prepare, infer and filter. `grid`, where given, gets what a task of half-precision sums has
/// there, and so does `probabilities`.
Volume run_task(const TaskSpec& task, const Plan& plan, Networks& networks, const RunSettings& settings,
                const std::vector<SlabReader*>& images, const RunControl& control, TaskReport* report,
                TaskGrid* grid = nullptr, const ProbabilitySink& probabilities = {});

/// Label values of slices [k_begin, k_begin + k_count) of what run_task() gives: i16 of class indices, else
/// as they are.
Volume label_values(const TaskSpec& task, const Volume& classes, std::int64_t k_begin, std::int64_t k_count);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_RUN_TASK_HPP_
