#include "task/loaded_networks.hpp"

#include <algorithm>
#include <utility>

#include "base/progress.hpp"
#include "infer/window_memory.hpp"
#include "musclemap/error.hpp"

namespace musclemap::task {
namespace {

void compare_hash(const NetworkRef& network, const ReadNetwork& read, const NetworkSource& source) {
  if (network.sha256.empty() || network.sha256 == read.sha256) return;
  throw Error(ErrorCode::model, Reason::model,
              "has SHA-256 " + read.sha256 + "; the task says " + network.sha256, source.file);
}

}  // namespace

LoadedNetworks::LoadedNetworks(std::map<std::string, NetworkSource> sources, infer::EngineRequest request)
    : sources_(std::move(sources)), request_(std::move(request)) {}

infer::Engine& LoadedNetworks::open(const NetworkRef& network, const RunControl& control) {
  const auto known = opened_.find(network.file);
  if (known != opened_.end()) return *known->second.engine.engine;
  const NetworkSource& source = sources_.at(network.file);
  const base::Steps steps(control, {base::stage_weight(Stage::read), base::stage_weight(Stage::prepare)});
  const ReadNetwork read = source.read(steps.step(0));
  compare_hash(network, read, source);
  infer::EngineRequest request = request_;
  // Where the first engine is not taken, a second one is checked from the start.
  int furthest = 0;
  request.after_layer = [&, preparing = steps.step(1)](int done, int layers) {
    furthest = std::max(furthest, done);
    base::report(preparing, Stage::prepare, furthest, layers + 1);
  };
  try {
    Opened opened{infer::load_engine(*read.network, request), read.sha256, read.network->graph};
    return *opened_.emplace(network.file, std::move(opened)).first->second.engine.engine;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::model) throw error.about(source.file);
    throw;
  }
}

const infer::LoadedEngine* LoadedNetworks::loaded(const NetworkRef& network) const {
  const auto found = opened_.find(network.file);
  return found == opened_.end() ? nullptr : &found->second.engine;
}

std::string LoadedNetworks::sha256(const TaskNetwork& network) const {
  const auto found = opened_.find(network.file);
  return found == opened_.end() ? network.sha256 : found->second.sha256;
}

std::size_t LoadedNetworks::bytes() const {
  std::size_t sum = 0;
  for (const auto& [file, source] : sources_) sum += source.bytes;
  return sum;
}

std::size_t LoadedNetworks::window_bytes(const NetworkRef& network, const std::vector<std::int64_t>& sizes,
                                         std::int64_t classes) const {
  if (request_.device.kind == Device::cuda) return 0;
  const auto opened = opened_.find(network.file);
  if (opened != opened_.end()) return infer::window_bytes(opened->second.graph, sizes, classes);
  const std::shared_ptr<const net::Graph>& graph = sources_.at(network.file).graph;
  return infer::window_bytes(graph ? *graph : net::Graph{}, sizes, classes);
}

}  // namespace musclemap::task
