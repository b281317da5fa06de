#include "cli/bench_model.hpp"

#include <system_error>
#include <utility>

#include "infer/load_engine.hpp"
#include "musclemap/error.hpp"
#include "musclemap/model_bundle.hpp"
#include "musclemap/task.hpp"
#include "net/check_graph.hpp"
#include "task/bundle_state.hpp"
#include "task/task_state.hpp"

namespace musclemap::cli {
namespace {

std::int64_t inputs_of(const net::Graph& graph) { return graph.layers[graph.inputs[0].layer].channels; }
std::int64_t outputs_of(const net::Graph& graph) {
  return net::layer_channels(graph)[graph.outputs[0].layer];
}

BenchModel of_nnunet(const std::string& folder) {
  const Task task = Task::open(folder);
  const task::StageSpec& stage = task.state().spec.stages.at(0);
  const task::NetworkSource& source = task.state().sources.at(stage.networks.at(0).file);
  BenchModel model;
  model.file = source.file;
  model.network = source.read({}).network;
  const net::Graph& graph = model.network->graph;
  const Index3& size = stage.windows.size;  // x, y, z, which are the network's last axis to its first
  model.window = {size[1], size[0]};
  if (graph.axes == 3) model.window.insert(model.window.begin(), size[2]);
  model.channels = inputs_of(graph);
  model.classes = outputs_of(graph);
  model.text = std::to_string(graph.axes) + "-D network of nnU-Net, " +
               std::to_string(graph.layers.size() - graph.inputs.size()) + " layers, " +
               std::to_string(model.classes) + " outputs";
  return model;
}

BenchModel of_bundle(const std::string& path, bool trust) {
  ModelOpenOptions open;
  open.trust = trust;
  open.allow_missing_description = true;
  const ModelBundle bundle = ModelBundle::open(path, open);
  BenchModel model;
  model.file = bundle.weights_file();
  model.text = bundle.network();
  model.network = task::network_of(bundle).network;
  const net::Graph& graph = model.network->graph;
  if (bundle.window()[0] > 0) model.window = {bundle.window()[0], bundle.window()[1]};
  if (bundle.out_channels() <= 0 && graph.empty()) {
    throw Error(ErrorCode::model, Reason::model,
                "has no description that says how many channels it gives, and " +
                    infer::why_not_native(*model.network),
                model.file);
  }
  if (!graph.empty()) model.channels = inputs_of(graph);
  model.classes = bundle.out_channels() > 0 ? bundle.out_channels() : outputs_of(graph);
  return model;
}

}  // namespace

bool is_of_nnunet(const std::string& model) {
  std::error_code ignored;
  return !model.empty() && std::filesystem::exists(std::filesystem::path(model) / "plans.json", ignored);
}

BenchModel open_bench_model(const std::string& path, bool trust) {
  return is_of_nnunet(path) ? of_nnunet(path) : of_bundle(path, trust);
}

}  // namespace musclemap::cli
