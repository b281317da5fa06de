// What is behind a Task.
#ifndef MUSCLEMAP_TASK_TASK_STATE_HPP_
#define MUSCLEMAP_TASK_TASK_STATE_HPP_

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "infer/network.hpp"
#include "musclemap/model_bundle.hpp"
#include "musclemap/task.hpp"
#include "task/task_spec.hpp"

namespace musclemap::task {

/// A network with the hash of its file.
struct ReadNetwork {
  std::shared_ptr<const infer::Network> network;
  std::string sha256;
};

/// The model's own network, without a copy: it is held with the model.
ReadNetwork network_of(const ModelBundle& bundle);

/// Where a network of a task comes from.
struct NetworkSource {
  std::filesystem::path file;
  std::size_t bytes = 0;  ///< of its weights; an upper estimate
  /// Its layers, where they are known before it is read; else null.
  std::shared_ptr<const net::Graph> graph;
  /// Reads it; who calls holds it. Errors: io, format, model.
  std::function<ReadNetwork(const RunControl&)> read;
};

}  // namespace musclemap::task

namespace musclemap {

struct Task::State {
  task::TaskSpec spec;
  std::map<std::string, task::NetworkSource> sources;  ///< by NetworkRef::file, of the rough tasks as well
  std::filesystem::path save_probabilities;            ///< TaskOptions
};

}  // namespace musclemap

#endif  // MUSCLEMAP_TASK_TASK_STATE_HPP_
