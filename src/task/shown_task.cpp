#include "task/shown_task.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "base/parallel.hpp"
#include "base/text.hpp"
#include "infer/load_engine.hpp"
#include "infer/window_memory.hpp"
#include "io/files/json_file.hpp"
#include "musclemap/error.hpp"
#include "musclemap/nifti.hpp"
#include "net/check_graph.hpp"
#include "task/bundle_state.hpp"
#include "task/chunks.hpp"
#include "task/musclemap_task.hpp"
#include "task/task_json.hpp"

namespace musclemap::task {
namespace {

namespace fs = std::filesystem;

struct NamedTask {
  TaskSpec task;
  std::optional<ModelBundle> model;  // where the weights are there
};

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

NamedTask of_model(ModelBundle model) {
  TaskSpec task = task_of_run(model, {});
  return {std::move(task), std::move(model)};
}

// The weights that a description beside them is of.
fs::path weights_beside(fs::path description) {
  for (const char* extension : {".pth", ".pt", ".ts"}) {
    description.replace_extension(extension);
    if (is_there(description)) return description;
  }
  return description.replace_extension(".pth");
}

// Whether the network takes the task's windows and gives a score for each of its labels. Errors name the
// field of the task.
void check_network(const TaskSpec& task, const ModelBundle& model) {
  const auto refuse = [](const std::string& what) { throw Error(ErrorCode::format, Reason::bad_json, what); };
  if (task.classes() != model.out_channels()) {
    refuse("labels is an array of " + std::to_string(task.labels.size()) + "; the network has scores for " +
           std::to_string(model.out_channels() - 1));
  }
  const net::Graph& graph = model.state().network.graph;
  if (graph.empty()) return;
  const std::vector<std::int64_t> steps = net::size_steps(graph);
  for (std::size_t axis = 0; axis < steps.size(); ++axis) {
    const std::int64_t size = task.stages[0].windows.size[axis];
    if (size % steps[axis] == 0) continue;
    refuse("stages[0].windows.size[" + std::to_string(axis) + "] is " + std::to_string(size) +
           "; the network takes multiples of " + std::to_string(steps[axis]));
  }
}

NamedTask of_json(const fs::path& file, const ModelOpenOptions& options) {
  const nlohmann::json document = io::read_json_file(file);
  if (!document.is_object() || !document.contains("stages")) {
    const fs::path weights = weights_beside(file);
    if (is_there(weights)) return of_model(ModelBundle::open(weights, options));
    const ModelConfig config = parse_model_config(document, NetworkIn::program);
    return {musclemap_task(config, file.stem().string(), config.version, {weights.filename().string(), {}}),
            {}};
  }
  NamedTask named{read_task(document), {}};
  const NetworkRef& network = named.task.stages[0].networks[0];
  const fs::path weights = file.parent_path() / network.file;
  if (!is_there(weights)) return named;
  named.model = ModelBundle::open(weights, options);
  if (!network.sha256.empty() && network.sha256 != named.model->sha256()) {
    throw Error(ErrorCode::model, Reason::model,
                "has SHA-256 " + named.model->sha256() + "; the task says " + network.sha256, weights);
  }
  check_network(named.task, *named.model);
  return named;
}

NamedTask open_task(const std::string& name, const ModelOpenOptions& options) {
  const fs::path path(name);
  try {
    if (base::ascii_lower(path.extension().string()) == ".json") return of_json(path, options);
  } catch (const Error& error) {
    throw error.about(path);
  }
  const bool is_path = is_there(path) || path.has_extension() || path.has_parent_path();
  return of_model(ModelBundle::open(is_path ? path : find_model(name), options));
}

// What a run of the task would do with the image, on the CPU.
nlohmann::ordered_json planned(const NamedTask& named, const std::string& image, std::size_t memory_budget) {
  NiftiReadOptions options;
  options.affine = AffineRule::monai;
  const std::unique_ptr<NiftiReader> reader = open_nifti(image, options);
  Machine machine;
  machine.stored = reader->dtype();
  infer::LoadedEngine loaded;
  infer::EngineRequest request;
  request.threads = base::resolve_threads(0);
  request.compare_with_program = false;
  if (named.model) {
    try {
      loaded = infer::load_engine(named.model->state().network, request);
    } catch (const Error& error) {
      throw error.about(named.model->weights_file());
    }
    machine = machine_of(*loaded.engine, held_weight_bytes(*named.model), reader->dtype());
    machine.window = [&](const NetworkRef&, const std::vector<std::int64_t>& sizes, std::int64_t classes) {
      return infer::network_window_bytes(named.model->state().network.graph, sizes, classes, request);
    };
  }
  const Plan plan = bound(named.task, reader->geometry(), machine);
  const std::int64_t wanted = plan.useful_windows > 0 ? plan.useful_windows : base::resolve_threads(0);
  // What a network that is not there needs is not known.
  const std::int64_t at_once = named.model ? windows_that_fit(plan, wanted, memory_budget) : wanted;
  nlohmann::ordered_json json = plan_json(named.task, plan, at_once);
  const std::size_t chunks = chunks_of(reader->geometry().shape[2], named.task.each.chunk_slices).size();
  if (chunks > 1) json["chunks"] = chunks;  // grids and windows are those of the first
  if (named.model) {
    json["engine"] = loaded.engine->name();
  } else {
    json["peak_bytes"] = nullptr;  // of a network that is not there
  }
  return json;
}

}  // namespace

nlohmann::ordered_json shown_task(const std::string& name, const ModelOpenOptions& options,
                                  const std::string& image, std::size_t memory_budget) {
  const NamedTask named = open_task(name, options);
  nlohmann::ordered_json shown = {{"task", task_json(named.task)}, {"sha256", task_sha256(named.task)}};
  shown["network"] = nullptr;
  if (named.model) shown["network"] = named.model->network();
  if (image.empty()) return shown;
  try {
    shown["for"] = planned(named, image, memory_budget);
  } catch (const Error& error) {
    throw error.about(image);
  }
  return shown;
}

}  // namespace musclemap::task
