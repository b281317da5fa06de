#include "musclemap/model_bundle.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "io/files/file_bytes.hpp"
#include "io/files/json_file.hpp"
#include "io/weights/bundle_manifest.hpp"
#include "io/weights/state_dict.hpp"
#include "io/weights/torchscript/archive.hpp"
#include "io/weights/torchscript/network.hpp"
#include "io/weights/weights_file.hpp"
#include "musclemap/error.hpp"
#include "net/arch/monai_unet.hpp"
#include "net/check_graph.hpp"
#include "net/match_weights.hpp"
#include "task/bundle_state.hpp"
#include "task/trust_list.hpp"

namespace musclemap {
namespace {

std::string joined(const std::vector<int>& numbers) {
  std::string text;
  for (const int number : numbers) text += (text.empty() ? "" : "-") + std::to_string(number);
  return text;
}

std::string unet_text(const net::UNetSpec& spec) {
  return "MONAI UNet 2-D, channels " + joined(spec.channels) + ", strides " + joined(spec.strides) + ", " +
         std::to_string(spec.num_res_units) + " residual unit" + (spec.num_res_units == 1 ? "" : "s") +
         " a level, " + std::to_string(spec.out_channels) + " outputs";
}

std::string graph_text(const net::Graph& graph) {
  const std::size_t layers = graph.layers.size() - graph.inputs.size();
  const std::int64_t outputs = net::layer_channels(graph)[graph.outputs[0].layer];
  return std::to_string(graph.axes) + "-D network of " + std::to_string(layers) + " layer" +
         (layers == 1 ? "" : "s") + ", " + std::to_string(outputs) +
         " outputs, read from a TorchScript program";
}

/// Where the pieces of a model lie, and what is known about them beforehand.
struct Sources {
  std::filesystem::path weights;
  std::filesystem::path config;  ///< may not exist
  bool config_required = false;  ///< a manifest lists it
  std::string name;
  std::string version;  ///< of the manifest
  std::map<std::string, std::string> sha256;
  std::optional<std::string> config_bytes;  ///< those whose hash was checked
};

Sources find_sources(const std::filesystem::path& path) {
  std::error_code ignored;
  Sources sources;
  if (std::filesystem::is_directory(path, ignored)) {
    io::BundleManifest manifest = io::read_bundle_manifest(path);
    sources.weights = std::move(manifest.weights);
    sources.config_required = !manifest.config.empty();
    sources.config = std::move(manifest.config);
    sources.name = std::move(manifest.name);
    sources.version = std::move(manifest.version);
    sources.sha256 = std::move(manifest.sha256);
    return sources;
  }
  if (base::ascii_lower(path.extension().string()) == ".json") {
    throw Error(ErrorCode::argument, Reason::invalid,
                "is a model's description; give the weights file or the folder", path);
  }
  sources.weights = path;
  sources.config = path;
  sources.config.replace_extension(".json");
  sources.name = path.stem().string();
  return sources;
}

/// Every file of a manifest has the hash that stands there; `known` spares a second look at the weights.
void check_hashes(Sources& sources, const std::string& weights_hash) {
  for (const auto& [name, expected] : sources.sha256) {
    const std::filesystem::path file = sources.weights.parent_path() / name;
    std::string actual = weights_hash;
    if (name != sources.weights.filename().string()) {
      std::string bytes = io::read_file_bytes(file, io::kLargestWeights);
      actual = base::sha256_hex(bytes);
      if (file == sources.config) sources.config_bytes = std::move(bytes);
    }
    if (actual != expected) {
      throw Error(ErrorCode::format, Reason::corrupt,
                  "has SHA-256 " + actual + "; manifest.json says " + expected, file);
    }
  }
}

task::ModelConfig read_config(const Sources& sources, task::NetworkIn network) {
  try {
    return task::parse_model_config(
        sources.config_bytes ? io::parse_json(*sources.config_bytes) : io::read_json_file(sources.config),
        network);
  } catch (const Error& error) {
    throw error.about(sources.config);
  }
}

void load_state_dict(const io::ZipReader& zip, const Sources& sources, ModelBundle::State& state) {
  std::error_code ignored;
  if (sources.config.empty() || !std::filesystem::exists(sources.config, ignored)) {
    throw Error(ErrorCode::io, Reason::io,
                "the description of the model is missing: looked for " + sources.config.string(),
                sources.weights);
  }
  state.format = WeightsFormat::state_dict;
  state.trusted = true;  // numbers only: nothing in it can run
  state.config = read_config(sources, task::NetworkIn::description);
  const net::UNetSpec& unet = *state.config.unet;
  state.network.graph = net::monai_unet(unet);
  state.network.weights =
      net::match_weights(io::read_state_dict(zip), state.network.graph, "the description");
  state.network_text = unet_text(unet);
  state.parameter_count = state.network.graph.parameter_count();
}

/// Fills in the description, embedded or beside the file. False when there is none.
bool load_program_config(const io::TorchScriptSummary& summary, const Sources& sources,
                         ModelBundle::State& state) {
  std::error_code ignored;
  if (summary.description && !sources.config_required) {
    try {
      state.config = task::parse_model_config(io::parse_json(*summary.description), task::NetworkIn::program);
    } catch (const Error& error) {
      throw Error(error.code(), error.reason(), std::string("extra/musclemap.json: ") + error.what(),
                  sources.weights);
    }
    return true;
  }
  if (!sources.config.empty() &&
      (sources.config_required || std::filesystem::exists(sources.config, ignored))) {
    state.config = read_config(sources, task::NetworkIn::program);
    return true;
  }
  return false;
}

/// Why LibTorch may not run the program; empty where it may.
std::string why_not_runnable(const io::TorchScriptSummary& summary, const ModelBundle::State& state) {
  const std::vector<std::string>& refused = summary.refused;
  if (!refused.empty()) {
    return "is a TorchScript program with something that is not allowed: " +
           base::printable(refused.front(), 120) +
           (refused.size() > 1 ? " and " + std::to_string(refused.size() - 1) + " more" : "");
  }
  if (state.trusted) return {};
  return "is a TorchScript program whose SHA-256 " + state.sha256 +
         " is in no manifest and no trust list; pass --trust-model if you trust where it comes from";
}

/// Why the graph that a program was recognised as is not what is described; empty where it is.
std::string why_not_described(const net::Graph& graph, const task::ModelConfig& config) {
  if (graph.axes != 2) return "it takes images of " + std::to_string(graph.axes) + " axes; slices are given";
  if (graph.inputs.size() != 1)
    return "it takes " + std::to_string(graph.inputs.size()) + " images; 1 is given";
  const std::int64_t inputs = graph.layers[graph.inputs[0].layer].channels;
  if (inputs != 1) return "it takes " + std::to_string(inputs) + " channels; 1 is given";
  const std::int64_t outputs = net::layer_channels(graph)[graph.outputs[0].layer];
  if (outputs != config.out_channels) {
    return "it gives " + std::to_string(outputs) + " channels; the description says " +
           std::to_string(config.out_channels);
  }
  const std::vector<std::int64_t> window(config.window.begin(), config.window.begin() + 2);
  const std::vector<std::int64_t> steps = net::size_steps(graph);
  const std::string window_text = std::to_string(window[0]) + " x " + std::to_string(window[1]);
  if (window[0] % steps[0] != 0 || window[1] % steps[1] != 0) {
    const std::string product = steps[0] == steps[1] ? std::to_string(steps[0]) : net::shape_text(steps);
    return "its strides multiply to " + product + ", which does not fit the window of " + window_text;
  }
  const net::LayerShape scores = net::layer_shapes(graph, window)[graph.outputs[0].layer];
  if (scores.sizes == window) return {};
  return "it gives scores of " + (scores.is_vector() ? "the whole image" : net::shape_text(scores.sizes)) +
         " for a window of " + window_text;
}

/// Reads a program's weights as numbers where it computes a graph of known layers; runs nothing.
void recognise(const io::ZipReader& zip, bool described, ModelBundle::State& state) {
  infer::Network& network = state.network;
  try {
    io::TorchScriptNetwork program(zip);
    const net::Graph& graph = program.graph();
    net::check_graph(graph);
    if (described) network.not_recognised = why_not_described(graph, state.config);
    if (!network.not_recognised.empty()) return;
    net::StateDict weights;
    for (std::size_t i = 0; i < graph.parameters.size(); ++i) {
      weights.push_back({graph.parameters[i].name, program.read(i)});
    }
    network.weights = std::move(weights);
    network.graph = graph;
  } catch (const Error& error) {
    network.not_recognised = error.what();
  }
}

void load_torchscript(const io::ZipReader& zip, const Sources& sources, const ModelOpenOptions& options,
                      ModelBundle::State& state) {
  io::TorchScriptSummary summary = io::inspect_torchscript(zip);
  const bool described = load_program_config(summary, sources, state);
  if (!described && !options.allow_missing_description) {
    throw Error(
        ErrorCode::io, Reason::io,
        "the description of the model is missing: there is no extra file musclemap.json inside and no " +
            sources.config.string(),
        sources.weights);
  }
  state.format = WeightsFormat::torchscript;
  state.trusted = options.trust || sources.sha256.count(sources.weights.filename().string()) != 0 ||
                  task::is_on_trust_list(state.sha256);
  recognise(zip, described, state);
  state.network.not_runnable = why_not_runnable(summary, state);
  if (!described) state.problem = "has no description: no extra file musclemap.json and no .json beside it";
  if (state.network.graph.empty() && (described || !summary.refused.empty()))
    state.problem = state.network.not_runnable;
  state.refused = std::move(summary.refused);
  state.operators = std::move(summary.operators);
  if (state.network.not_recognised.empty()) {
    state.network_text = graph_text(state.network.graph);
    state.parameter_count = state.network.graph.parameter_count();
    return;
  }
  state.network_text = "TorchScript program, " + std::to_string(state.operators.size()) + " operators";
  state.parameter_count = state.config.unet ? net::monai_unet(*state.config.unet).parameter_count()
                                            : static_cast<std::int64_t>(summary.tensor_bytes / sizeof(float));
}

}  // namespace

ModelBundle::ModelBundle(std::shared_ptr<const State> state) noexcept : state_(std::move(state)) {}

ModelBundle ModelBundle::open(const std::filesystem::path& path, const ModelOpenOptions& options,
                              const RunControl& control) {
  base::resolve_threads(control.threads);
  Sources sources = find_sources(path);
  auto state = std::make_shared<State>();
  std::error_code ignored;
  state->opened = std::filesystem::absolute(path, ignored);
  state->options = options;
  try {
    io::WeightsFile weights(sources.weights, control);
    state->sha256 = weights.sha256();
    const std::string& bytes = weights.bytes();
    check_hashes(sources, state->sha256);
    state->weights_file = sources.weights;
    state->name = sources.name;
    io::refuse_other_weights_formats(bytes);
    const io::ZipReader zip(bytes);
    if (io::is_torchscript(zip)) {
      load_torchscript(zip, sources, options, *state);
      // The very bytes that were checked are the ones that run.
      if (state->network.not_runnable.empty()) state->network.torchscript = weights.take_bytes();
    } else {
      load_state_dict(zip, sources, *state);
    }
  } catch (const Error& error) {
    throw error.about(sources.weights);
  }
  state->version = sources.version.empty() ? state->config.version : sources.version;
  return ModelBundle(std::move(state));
}

const std::string& ModelBundle::name() const noexcept { return state_->name; }
const std::string& ModelBundle::version() const noexcept { return state_->version; }
const std::filesystem::path& ModelBundle::weights_file() const noexcept { return state_->weights_file; }
const std::string& ModelBundle::sha256() const noexcept { return state_->sha256; }
WeightsFormat ModelBundle::format() const noexcept { return state_->format; }
bool ModelBundle::trusted() const noexcept { return state_->trusted; }
const std::vector<Label>& ModelBundle::labels() const noexcept { return state_->config.labels; }
const Spacing& ModelBundle::target_spacing() const noexcept { return state_->config.target_spacing; }
const Index3& ModelBundle::window() const noexcept { return state_->config.window; }
int ModelBundle::out_channels() const noexcept { return state_->config.out_channels; }
std::int64_t ModelBundle::parameter_count() const noexcept { return state_->parameter_count; }
const std::vector<std::string>& ModelBundle::operators() const noexcept { return state_->operators; }
const std::vector<std::string>& ModelBundle::refused_operators() const noexcept { return state_->refused; }
const std::string& ModelBundle::network() const noexcept { return state_->network_text; }
const std::string& ModelBundle::problem() const noexcept { return state_->problem; }

}  // namespace musclemap
