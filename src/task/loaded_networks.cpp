#include "task/loaded_networks.hpp"

#include <algorithm>
#include <utility>

#include "base/progress.hpp"
#include "musclemap/error.hpp"

namespace musclemap::task {
namespace {

bool is_among(const std::string& file, const std::vector<NetworkRef>& networks) {
  return std::any_of(networks.begin(), networks.end(),
                     [&](const NetworkRef& network) { return network.file == file; });
}

void compare_hash(const NetworkRef& network, const ReadNetwork& read, const NetworkSource& source) {
  if (network.sha256.empty() || network.sha256 == read.sha256) return;
  throw Error(ErrorCode::model, Reason::model,
              "has SHA-256 " + read.sha256 + "; the task says " + network.sha256, source.file);
}

}  // namespace

LoadedNetworks::LoadedNetworks(std::map<std::string, NetworkSource> sources, infer::EngineRequest request,
                               std::size_t kept)
    : sources_(std::move(sources)), request_(std::move(request)), kept_(kept) {}

std::vector<infer::Engine*> LoadedNetworks::open(const std::vector<NetworkRef>& together,
                                                 const RunControl& control) {
  make_room(together);
  const base::Steps steps(control, std::vector<double>(together.size(), 1));
  std::vector<infer::Engine*> engines;
  for (std::size_t n = 0; n < together.size(); ++n) {
    engines.push_back(open_one(together[n], steps.step(n)));
    opened_.at(together[n].file).used = ++openings_;
  }
  return engines;
}

// Those of the first network stay, of which plans and reports ask.
void LoadedNetworks::make_room(const std::vector<NetworkRef>& for_these) {
  std::size_t held = 0;
  for (const NetworkRef& network : for_these) held += weight_bytes(network.file);
  std::vector<Opened*> others;
  for (auto& [file, opened] : opened_) {
    if (opened.engine.engine == nullptr || is_among(file, for_these)) continue;
    held += opened.bytes;
    if (file != first_) others.push_back(&opened);
  }
  std::sort(others.begin(), others.end(), [](const Opened* a, const Opened* b) { return a->used < b->used; });
  for (Opened* opened : others) {
    if (held <= kept_) return;
    opened->engine.engine.reset();
    held -= opened->bytes;
  }
}

infer::Engine* LoadedNetworks::open_one(const NetworkRef& network, const RunControl& control) {
  const auto known = opened_.find(network.file);
  if (known != opened_.end() && known->second.engine.engine != nullptr)
    return known->second.engine.engine.get();
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
    Opened opened;
    opened.engine = infer::load_engine(*read.network, request);
    opened.sha256 = read.sha256;
    opened.graph = read.network->graph;
    Opened& kept = opened_[network.file] = std::move(opened);
    kept.bytes = weight_bytes(network.file);
    if (first_.empty()) first_ = network.file;
    return kept.engine.engine.get();
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

// Of a network of three axes as its engine holds them; of others what their source says.
std::size_t LoadedNetworks::weight_bytes(const std::string& file) const {
  const auto opened = opened_.find(file);
  const NetworkSource& source = sources_.at(file);
  const net::Graph* graph = opened != opened_.end() ? &opened->second.graph : source.graph.get();
  if (graph == nullptr || graph->axes < 3) return source.bytes;
  return infer::network_weight_bytes(*graph, request_);
}

std::size_t LoadedNetworks::bytes() const {
  // While one is loaded, what was read of it is there as well.
  std::size_t sum = 0;
  std::size_t largest = 0;
  for (const auto& [file, source] : sources_) {
    const std::size_t bytes = weight_bytes(file);
    sum += bytes;
    largest = std::max(largest, bytes);
  }
  return std::min(sum, std::max(kept_, 2 * largest));
}

std::size_t LoadedNetworks::window_bytes(const NetworkRef& network, const std::vector<std::int64_t>& sizes,
                                         std::int64_t classes) const {
  const auto opened = opened_.find(network.file);
  const std::shared_ptr<const net::Graph>& known = sources_.at(network.file).graph;
  const net::Graph* graph = opened != opened_.end() ? &opened->second.graph : known.get();
  return infer::network_window_bytes(graph == nullptr ? net::Graph{} : *graph, sizes, classes, request_);
}

}  // namespace musclemap::task
