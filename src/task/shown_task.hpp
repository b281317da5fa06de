// A task that is named, and what it would do to an image, without running anything.
#ifndef MUSCLEMAP_TASK_SHOWN_TASK_HPP_
#define MUSCLEMAP_TASK_SHOWN_TASK_HPP_

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

#include "musclemap/model_bundle.hpp"

namespace musclemap::task {

/// {"task": task_json(), "sha256", "network": one line, or null where the weights are not there}; with an
/// image (a path, else empty) also "for": plan_json() of a run on the CPU within `memory_budget` bytes (0:
/// what the machine has at hand), whose peak_bytes is null without the network. `name` is a JSON file (a
/// task, or a model's description, which means one), a weights file, a model's folder, or a region for
/// find_model(). A task's weights are looked for beside it. Errors: those of read_task(),
/// ModelBundle::open(), find_model() and open_nifti(); `memory`; `model` where weights have another SHA-256
/// than their task says.
nlohmann::ordered_json shown_task(const std::string& name, const ModelOpenOptions& options,
                                  const std::string& image, std::size_t memory_budget);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_SHOWN_TASK_HPP_
