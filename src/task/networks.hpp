// The networks of a task while it runs.
#ifndef MUSCLEMAP_TASK_NETWORKS_HPP_
#define MUSCLEMAP_TASK_NETWORKS_HPP_

#include <vector>

#include "infer/engine.hpp"
#include "musclemap/run.hpp"
#include "task/task_spec.hpp"

namespace musclemap::task {

/// One thread at a time.
class Networks {
 public:
  virtual ~Networks() = default;
  /// Those that run together, such as the folds of a stage, loaded by now. They stay until others are opened.
  /// Errors: those of loading them.
  virtual std::vector<infer::Engine*> open(const std::vector<NetworkRef>& together,
                                           const RunControl& control) = 0;
};

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_NETWORKS_HPP_
