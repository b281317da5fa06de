#include "task/cells/sam_network.hpp"

#include "musclemap/error.hpp"
#include "musclemap/model_bundle.hpp"
#include "task/bundle_state.hpp"

namespace musclemap::task {

SamNetwork open_sam_network(const std::filesystem::path& file, bool trust, const RunControl& control) {
  ModelOpenOptions options;
  options.trust = trust;
  options.allow_missing_description = true;
  const auto bundle = std::make_shared<const ModelBundle>(ModelBundle::open(file, options, control));
  const infer::Network& network = bundle->state().network;
  if (network.graph.empty() && network.torchscript.empty()) {
    throw Error(ErrorCode::model, Reason::model, network.not_runnable, file);
  }
  return {file, bundle->state().sha256, std::shared_ptr<const infer::Network>(bundle, &network), nullptr};
}

std::unique_ptr<infer::Engine> load_sam_network(const SamNetwork& network, const Device& device,
                                                int torch_threads) {
  try {
    if (network.known) return infer::load_known_network(*network.known, device, torch_threads);
    return infer::load_torch_engine(*network.program, device, torch_threads);
  } catch (const Error& error) {
    throw error.about(network.file);
  }
}

}  // namespace musclemap::task
