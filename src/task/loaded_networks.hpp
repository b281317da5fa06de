// Networks of a task, each loaded when it is first run. They stay loaded while their weights are within a
// limit; beyond it, those that ran longest ago are loaded anew when they are needed again.
#ifndef MUSCLEMAP_TASK_LOADED_NETWORKS_HPP_
#define MUSCLEMAP_TASK_LOADED_NETWORKS_HPP_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "infer/load_engine.hpp"
#include "task/networks.hpp"
#include "task/task_state.hpp"

namespace musclemap::task {

class LoadedNetworks : public Networks {
 public:
  /// Bytes of weights that stay loaded.
  static constexpr std::size_t kKept = std::size_t{1} << 30;

  /// `request.after_layer` is not used: progress goes to the control of each call. Beyond `kept` bytes
  /// weights stay while they are needed.
  LoadedNetworks(std::map<std::string, NetworkSource> sources, infer::EngineRequest request,
                 std::size_t kept = kKept);

  /// Reports Stage::prepare while it loads. Errors of a program that may not be run name its file.
  std::vector<infer::Engine*> open(const std::vector<NetworkRef>& together,
                                   const RunControl& control) override;

  /// Null until it has been open. Its engine is there while it is open, that of the first one always.
  const infer::LoadedEngine* loaded(const NetworkRef& network) const;
  /// Of its file; until it is open what the task says.
  std::string sha256(const TaskNetwork& network) const;
  /// Of the weights of all networks that are held at a time, an upper estimate.
  std::size_t bytes() const;
  /// Of this machine's memory for one window of those sizes, slowest axis first; an upper estimate.
  std::size_t window_bytes(const NetworkRef& network, const std::vector<std::int64_t>& sizes,
                           std::int64_t classes) const;

 private:
  struct Opened {
    infer::LoadedEngine engine;
    std::string sha256;
    net::Graph graph;
    std::size_t bytes = 0;  // of its weights
    std::int64_t used = 0;  // when it was opened last
  };

  infer::Engine* open_one(const NetworkRef& network, const RunControl& control);
  void make_room(const std::vector<NetworkRef>& for_these);
  std::size_t weight_bytes(const std::string& file) const;

  std::map<std::string, NetworkSource> sources_;
  infer::EngineRequest request_;
  std::size_t kept_;
  std::map<std::string, Opened> opened_;
  std::string first_;  // of all that was opened
  std::int64_t openings_ = 0;
};

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_LOADED_NETWORKS_HPP_
