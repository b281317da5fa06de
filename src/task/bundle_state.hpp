// What is behind a ModelBundle.
#ifndef MUSCLEMAP_TASK_BUNDLE_STATE_HPP_
#define MUSCLEMAP_TASK_BUNDLE_STATE_HPP_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "infer/network.hpp"
#include "musclemap/model_bundle.hpp"
#include "task/model_config.hpp"

namespace musclemap {

struct ModelBundle::State {
  std::string name;
  std::string version;
  std::filesystem::path opened;  ///< what open() was given, absolute
  ModelOpenOptions options;      ///< the same
  std::filesystem::path weights_file;
  std::string sha256;
  WeightsFormat format = WeightsFormat::state_dict;
  bool trusted = true;
  task::ModelConfig config;
  std::vector<std::string> operators;
  std::vector<std::string> refused;  ///< what keeps a program from running
  std::string network_text;
  std::int64_t parameter_count = 0;
  /// Why no engine may run it; empty when one may.
  std::string problem;
  infer::Network network;
};

}  // namespace musclemap

#endif  // MUSCLEMAP_TASK_BUNDLE_STATE_HPP_
