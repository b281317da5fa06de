// The task that a model of MuscleMap's form means.
#ifndef MUSCLEMAP_TASK_MUSCLEMAP_TASK_HPP_
#define MUSCLEMAP_TASK_MUSCLEMAP_TASK_HPP_

#include "musclemap/segmenter.hpp"
#include "task/model_config.hpp"
#include "task/plan.hpp"
#include "task/task_spec.hpp"

namespace musclemap::task {

/// Part of a window shared with the next one where nobody says otherwise.
inline constexpr double kDefaultOverlap = 0.9;

/// docs/chains/musclemap.md, section 3. `config` is what stands in the model's JSON.
TaskSpec musclemap_task(const ModelConfig& config, const std::string& name, const std::string& version,
                        const NetworkRef& network);

/// A run on that engine, for plans. `model_bytes`: of all weights, as often as they are held.
Machine machine_of(const infer::Engine& engine, std::size_t model_bytes, DType stored);

/// Of a model's weights: the bundle's, the engine's, and what preparing and checking those held, as it came
/// in small blocks.
std::size_t held_weight_bytes(const ModelBundle& bundle);

/// The model's task as the options of a run make it: they are checked already.
TaskSpec task_of_run(const ModelBundle& bundle, const SegmentOptions& options);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_MUSCLEMAP_TASK_HPP_
