// The networks of a task while it runs.
#ifndef MUSCLEMAP_TASK_NETWORKS_HPP_
#define MUSCLEMAP_TASK_NETWORKS_HPP_

#include "infer/engine.hpp"
#include "musclemap/run.hpp"
#include "task/task_spec.hpp"

namespace musclemap::task {

/// One thread at a time.
class Networks {
 public:
  virtual ~Networks() = default;
  /// The network, loaded by now; it lives as long as this. Errors: those of loading it.
  virtual infer::Engine& open(const NetworkRef& network, const RunControl& control) = 0;
};

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_NETWORKS_HPP_
