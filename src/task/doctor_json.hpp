// What this installation can do, for programs.
#ifndef MUSCLEMAP_TASK_DOCTOR_JSON_HPP_
#define MUSCLEMAP_TASK_DOCTOR_JSON_HPP_

#include <nlohmann/json.hpp>

namespace musclemap::task {

/// Version, threads, processor, engine, GPU and model folders. Opens the engine and LibTorch.
nlohmann::ordered_json doctor_json();

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_DOCTOR_JSON_HPP_
