// A network in a folder that nnU-Net has trained, as the works on volumes need it.
#ifndef MUSCLEMAP_BENCH_PEERS_NNUNET_MODEL_HPP_
#define MUSCLEMAP_BENCH_PEERS_NNUNET_MODEL_HPP_

#include <cstdint>
#include <filesystem>
#include <vector>

#include "infer/load_engine.hpp"
#include "musclemap/task.hpp"
#include "task/task_state.hpp"

namespace musclemap::bench {

class NnunetModel {
 public:
  /// The folder of a configuration; of several folds the first.
  explicit NnunetModel(const std::filesystem::path& folder);

  /// Patch in the network's axes, slowest first.
  const std::vector<std::int64_t>& patch() const { return patch_; }
  std::int64_t classes() const { return classes_; }
  /// From the file to an engine that has been checked.
  infer::LoadedEngine load(int threads) const;

 private:
  Task task_;
  std::vector<std::int64_t> patch_;
  std::int64_t classes_;
};

}  // namespace musclemap::bench

#endif  // MUSCLEMAP_BENCH_PEERS_NNUNET_MODEL_HPP_
