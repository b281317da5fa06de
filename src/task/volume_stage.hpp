// One stage of a task whose scores are summed in half precision (docs/chains/totalsegmentator.md, section 7).
#ifndef MUSCLEMAP_TASK_VOLUME_STAGE_HPP_
#define MUSCLEMAP_TASK_VOLUME_STAGE_HPP_

#include <cstdint>
#include <functional>
#include <vector>

#include "image/field.hpp"
#include "musclemap/run.hpp"
#include "task/networks.hpp"
#include "task/run_task.hpp"
#include "task/stage_probabilities.hpp"
#include "task/task_spec.hpp"

namespace musclemap::task {

/// Takes slice z of the labels that a stage has found, [y][x] with x fastest.
using LabelSlices = std::function<void(std::int64_t z, const std::vector<std::int16_t>& labels)>;

/// Labels of the field's voxels, on the grid `from`, in rising z. Reports Stage::prepare and infer. Holds
/// what the steps hold, the sums of the windows and the labels of the grid that scores are decoded on.
/// `previous`: labels of task.previous on the grid `from`. `probabilities`, where given, gets those that the
/// labels are then the highest of.
void run_volume_stage(const TaskSpec& task, const StageSpec& stage, image::Field& field,
                      const image::Grid& from, Networks& networks, const RunSettings& settings,
                      const RunControl& control, TaskReport* report, const LabelSlices& found,
                      StageProbabilities* probabilities = nullptr, const Volume* previous = nullptr);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_VOLUME_STAGE_HPP_
