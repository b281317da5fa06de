// What this installation can do, for programs.
#ifndef MUSCLEMAP_PIPELINE_DOCTOR_JSON_HPP_
#define MUSCLEMAP_PIPELINE_DOCTOR_JSON_HPP_

#include <nlohmann/json.hpp>

namespace musclemap::pipeline {

/// Version, threads, processor, engine, GPU and model folders. Opens the engine and LibTorch.
nlohmann::ordered_json doctor_json();

}  // namespace musclemap::pipeline

#endif  // MUSCLEMAP_PIPELINE_DOCTOR_JSON_HPP_
