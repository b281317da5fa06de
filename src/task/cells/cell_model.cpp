#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.hpp"
#include "io/files/file_bytes.hpp"
#include "io/files/json_fields.hpp"
#include "io/files/json_file.hpp"
#include "io/weights/cellpose/model_file.hpp"
#include "io/weights/legacy_state_dict.hpp"
#include "io/weights/torchscript/archive.hpp"
#include "io/weights/torchscript/network.hpp"
#include "io/weights/weights_file.hpp"
#include "musclemap/error.hpp"
#include "net/arch/cpnet.hpp"
#include "net/check_graph.hpp"
#include "net/match_weights.hpp"
#include "task/cells/cell_model_files.hpp"
#include "task/cells/cell_model_state.hpp"
#include "task/trust_list.hpp"

namespace musclemap {
namespace {

constexpr double kDefaultDiameter = 30;
constexpr std::uint64_t kLargestSizeModel = std::uint64_t{64} << 20;

void take_weights(std::string_view bytes, const task::CellModelFiles& files, CellModel::State* state) {
  io::CellposeModelFile file = io::read_cellpose_model(bytes);
  const net::CpNetSpec spec = net::cpnet_spec(file.weights);
  if (spec.outputs < 3) {
    throw Error(ErrorCode::model, Reason::model,
                "gives " + std::to_string(spec.outputs) + " maps; Cellpose's networks give 3");
  }
  state->channels = spec.in_channels;
  state->network.graph = net::cpnet(spec);
  state->network.weights = net::match_weights(std::move(file.weights), state->network.graph, "the network");
  if (!files.builtin) state->diam_mean = file.diam_mean.value_or(kDefaultDiameter);
  state->diam_labels = file.diam_labels.value_or(kDefaultDiameter);
}

/// Reads a program's weights as numbers where it computes a graph of known layers.
void recognise(const io::ZipReader& zip, infer::Network* network) {
  try {
    io::TorchScriptNetwork program(zip);
    net::Graph graph = program.graph();
    net::check_graph(graph);
    if (graph.outputs.size() < 2) {
      network->not_recognised = "it gives one map; maps and a style are needed";
      return;
    }
    net::StateDict weights;
    for (std::size_t i = 0; i < graph.parameters.size(); ++i) {
      weights.push_back({graph.parameters[i].name, program.read(i)});
    }
    network->weights = std::move(weights);
    network->graph = std::move(graph);
  } catch (const Error& error) {
    network->not_recognised = error.what();
  }
}

std::vector<double> numbers_of(const io::JsonField& list) {
  std::vector<double> numbers;
  for (const io::JsonField& each : list.elements(1, 65536)) numbers.push_back(each.number());
  return numbers;
}

double diameter_in(const io::JsonField& field) {
  const double value = field.number();
  if (!(value > 0)) field.refuse("a positive number is allowed");
  return value;
}

void take_description(const std::filesystem::path& file, CellModel::State* state) {
  try {
    const nlohmann::json json = io::read_json_file(file);
    const io::JsonField root(json, "description");
    if (root.given("diam_mean")) state->diam_mean = diameter_in(root.at("diam_mean"));
    if (root.given("diam_labels")) state->diam_labels = diameter_in(root.at("diam_labels"));
    if (root.given("channels")) state->channels = root.at("channels").integer(1, 64);
    if (!root.given("size_model")) return;
    const io::JsonField size = root.at("size_model");
    io::CellSizeModel model;
    model.a = numbers_of(size.at("A"));
    model.mean_style = numbers_of(size.at("smean"));
    model.mean_log = size.at("ymean").number();
    model.diam_mean = size.given("diam_mean") ? diameter_in(size.at("diam_mean")) : state->diam_mean;
    if (model.a.size() != model.mean_style.size()) size.refuse("A and smean of one length are allowed");
    state->size_model = std::move(model);
  } catch (const Error& error) {
    throw error.about(file);
  }
}

void take_program(io::WeightsFile* weights, const task::CellModelFiles& files,
                  const CellModelOptions& options, CellModel::State* state) {
  const io::ZipReader zip(weights->bytes());
  const io::TorchScriptSummary summary = io::inspect_torchscript(zip);
  infer::Network& network = state->network;
  recognise(zip, &network);
  if (!summary.refused.empty()) {
    network.not_runnable = "is a TorchScript program with something that is not allowed: " +
                           base::printable(summary.refused.front(), 120);
  } else if (!options.trust && !task::is_on_trust_list(state->sha256)) {
    network.not_runnable = "is a TorchScript program whose SHA-256 " + state->sha256 +
                           " is on no trust list; say that it is trusted if you trust where it comes from";
  }
  if (!network.graph.empty()) {
    state->channels = network.graph.layers[network.graph.inputs[0].layer].channels;
  } else if (!network.not_runnable.empty()) {
    throw Error(ErrorCode::model, Reason::model, network.not_runnable);
  }
  if (!files.description.empty()) take_description(files.description, state);
  // The very bytes that were checked are the ones that run.
  if (network.not_runnable.empty()) network.torchscript = weights->take_bytes();
}

bool is_program(std::string_view bytes) {
  if (bytes.substr(0, 2) != "PK") return false;
  const io::ZipReader zip(bytes);
  return io::is_torchscript(zip);
}

}  // namespace

CellModel::CellModel(std::shared_ptr<const State> state) noexcept : state_(std::move(state)) {}

CellModel CellModel::open(const std::string& model, const CellModelOptions& options,
                          const RunControl& control) {
  const task::CellModelFiles files = task::find_cell_model(model);
  auto state = std::make_shared<State>();
  state->name = model;
  state->file = files.weights;
  state->builtin = files.builtin;
  state->diam_mean = files.diam_mean;
  try {
    io::WeightsFile weights(files.weights, control);
    state->sha256 = weights.sha256();
    if (is_program(weights.bytes())) {
      take_program(&weights, files, options, state.get());
    } else {
      take_weights(weights.bytes(), files, state.get());
    }
  } catch (const Error& error) {
    throw error.about(files.weights);
  }
  if (!files.size_model.empty()) {
    try {
      state->size_model = io::read_size_model(io::read_file_bytes(files.size_model, kLargestSizeModel));
    } catch (const Error& error) {
      throw error.about(files.size_model);
    }
  }
  return CellModel(std::move(state));
}

std::vector<std::string> CellModel::names() { return task::cell_model_names(); }

const std::string& CellModel::name() const noexcept { return state_->name; }
const std::filesystem::path& CellModel::file() const noexcept { return state_->file; }
const std::string& CellModel::sha256() const noexcept { return state_->sha256; }
bool CellModel::builtin() const noexcept { return state_->builtin; }
double CellModel::diam_mean() const noexcept { return state_->diam_mean; }
double CellModel::diam_labels() const noexcept { return state_->diam_labels; }
bool CellModel::estimates_diameter() const noexcept { return state_->size_model.has_value(); }

}  // namespace musclemap
