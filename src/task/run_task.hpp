// The interpreter of tasks.
#ifndef MUSCLEMAP_TASK_RUN_TASK_HPP_
#define MUSCLEMAP_TASK_RUN_TASK_HPP_

#include <cstdint>

#include "image/oriented_field.hpp"
#include "infer/engine.hpp"
#include "musclemap/run.hpp"
#include "musclemap/volume.hpp"
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
  bool labelled = false;  ///< a voxel has another class than 0 before the polish
};

/// Class indices of the image's voxels, of type class_dtype(): field by field up the steps, slice by slice
/// back. Nothing of the volume's size is held but the result, and the image where the plan says so. `plan` is
/// bound() of the image, whose memory was granted. Reports Stage::prepare, infer and filter.
Volume run_task(const TaskSpec& task, const Plan& plan, infer::Engine& engine, const RunSettings& settings,
                SlabReader& image, const RunControl& control, TaskReport* report);

/// Label values of slices [k_begin, k_begin + k_count) of class indices, as i16.
Volume label_values(const Volume& classes, const std::vector<Label>& labels, std::int64_t k_begin,
                    std::int64_t k_count);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_RUN_TASK_HPP_
