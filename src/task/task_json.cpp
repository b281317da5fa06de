#include "task/task_json.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "base/sha256.hpp"
#include "task/kind_json.hpp"
#include "task/model_config.hpp"

namespace musclemap::task {
namespace {

constexpr std::size_t kMostFolds = 32;
constexpr std::size_t kMostStages = 64;
constexpr std::int64_t kMostImages = 64;
constexpr std::int64_t kLargestLabel = 32767;
constexpr int kDeepestRough = 3;

// What labels are stored as: class indices become i16.
std::string type_of(const TaskSpec& task) {
  return sums_in_half(task.stages[0]) && class_dtype(task) == DType::u8 ? "u8" : "i16";
}

// "each": {"of": "image"}, or the chunks of an audit (docs/chains/musclemap.md, section 6.1).
Each read_each(const JsonField& field) {
  if (one_of(field.at("of"), {"image", "chunks"}) == 0) {
    only(field, {"of"});
    return {};
  }
  only(field, {"of", "axis", "slices", "before_step", "requantise"});
  word(field.at("axis"), "last_stored");
  field.at("before_step").integer(0, 0);
  if (field.at("requantise").value() != true) field.at("requantise").refuse("true is supported");
  return {field.at("slices").integer(1, std::numeric_limits<std::int64_t>::max())};
}

Json each_json(const Each& each) {
  if (each.chunk_slices == 0) return {{"of", "image"}};
  return {{"of", "chunks"},
          {"axis", "last_stored"},
          {"slices", each.chunk_slices},
          {"before_step", 0},
          {"requantise", true}};
}

// Axes of a network by their word, and how many there are. The first is the slowest.
struct AxesWord {
  const char* word;
  int axes;
  bool volume;  ///< the grid's z, y, x instead of its x, y
};
constexpr std::array<AxesWord, 3> kAxes{{{"xy", 2, false}, {"zyx", 3, true}, {"yx", 2, true}}};

const AxesWord& axes_of(const infer::WindowSpec& windows) {
  if (windows.sum != infer::Sum::f16) return kAxes[0];
  return windows.axes == 3 ? kAxes[1] : kAxes[2];
}

/// A path without "..", below the folder of the networks.
bool is_below(const std::string& file) {
  if (file.empty()) return false;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = std::min(file.find('/', begin), file.size());
    const std::string part = file.substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..") return false;
    if (end == file.size()) return true;
    begin = end + 1;
  }
}

NetworkRef read_network(const JsonField& field) {
  only(field, {"file", "sha256", "axes", "in", "out"});
  NetworkRef network;
  network.file = field.at("file").text();
  if (!is_below(network.file)) field.at("file").refuse("a path below the folder of the networks is needed");
  if (field.has("sha256")) {
    network.sha256 = field.at("sha256").text();
    const bool hex = network.sha256.size() == 64 &&
                     network.sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!hex) field.at("sha256").refuse("64 hexadecimal digits are needed");
  }
  word(field.at("in").elements(1, 1)[0], "image");
  word(field.at("out").elements(1, 1)[0], "scores");
  return network;
}

Json network_json(const NetworkRef& network, const char* axes) {
  Json json = {{"file", network.file}};
  if (!network.sha256.empty()) json["sha256"] = network.sha256;
  json["axes"] = axes;
  json["in"] = {"image"};
  json["out"] = {"scores"};
  return json;
}

/// In the order of the network's axes.
Index3 read_size(const JsonField& field, const AxesWord& axes) {
  const auto count = static_cast<std::size_t>(axes.axes);
  const std::vector<JsonField> sizes = field.elements(count, count);
  Index3 size{1, 1, 1};
  for (std::size_t n = 0; n < count; ++n)
    size[axes.volume ? count - 1 - n : n] = sizes[n].integer(1, kLargestWindow);
  return size;
}

Json size_json(const Index3& size, const AxesWord& axes) {
  const auto count = static_cast<std::size_t>(axes.axes);
  Json json = Json::array();
  for (std::size_t n = 0; n < count; ++n) json.push_back(size[axes.volume ? count - 1 - n : n]);
  return json;
}

const std::vector<std::string> kPlacements{"monai", "nnunet"};
const std::vector<std::string> kWeights{"gaussian_monai", "gaussian_nnunet"};
const std::vector<std::string> kSums{"f32", "f16"};

void read_placement(const JsonField& placement, infer::WindowSpec* windows) {
  windows->placement = static_cast<infer::Placement>(one_of(placement.at("as"), kPlacements));
  const bool monai = windows->placement == infer::Placement::monai;
  const char* key = monai ? "overlap" : "step";
  only(placement, {"as", key});
  windows->overlap_or_step = placement.at(key).number() + 0.0;  // -0 is 0
  const double number = windows->overlap_or_step;
  if (monai && !(number >= 0 && number < 1)) placement.at(key).refuse("0 to below 1 is allowed");
  std::int64_t side = std::min(windows->size[0], windows->size[1]);
  if (windows->axes == 3) side = std::min(side, windows->size[2]);
  if (!monai && !(number * static_cast<double>(side) >= 1 && number <= 1)) {
    placement.at(key).refuse("1/" + std::to_string(side) + ", a pixel of the window, to 1 is allowed");
  }
}

infer::WindowSpec read_windows(const JsonField& field, const AxesWord& axes) {
  only(field, {"size", "placement", "weight", "pad", "sum"});
  infer::WindowSpec windows;
  windows.axes = axes.axes;
  windows.size = read_size(field.at("size"), axes);
  read_placement(field.at("placement"), &windows);
  windows.weight = static_cast<infer::Weight>(one_of(field.at("weight"), kWeights));
  const JsonField pad = field.at("pad");
  if (one_of(pad.at("to"), {"window", "least"}) == 0) {
    only(pad, {"to", "side"});
    word(pad.at("side"), "both");
  } else {
    only(pad, {"to", "size", "side"});
    windows.least = read_size(pad.at("size"), axes);
    word(pad.at("side"), "high");
  }
  windows.sum = static_cast<infer::Sum>(one_of(field.at("sum"), kSums));
  const std::string needed = axes.volume ? "f16" : "f32";
  if (axes.volume != (windows.sum == infer::Sum::f16))
    field.at("sum").refuse(quoted(needed) + " belongs to a network of the axes " + axes.word);
  if (!axes.volume) return windows;
  if (windows.placement != infer::Placement::nnunet)
    field.at("placement").at("as").refuse("\"nnunet\" belongs to sums in f16");
  if (windows.weight != infer::Weight::gaussian_nnunet)
    field.at("weight").refuse("\"gaussian_nnunet\" belongs to sums in f16");
  if (pad.at("to").value() != "window") pad.at("to").refuse("\"window\" belongs to sums in f16");
  return windows;
}

Json windows_json(const infer::WindowSpec& windows) {
  const AxesWord& axes = axes_of(windows);
  const bool monai = windows.placement == infer::Placement::monai;
  const bool least = windows.least[0] > 1 || windows.least[1] > 1;
  Json pad = least ? Json{{"to", "least"}, {"size", size_json(windows.least, axes)}, {"side", "high"}}
                   : Json{{"to", "window"}, {"side", "both"}};
  return {{"size", size_json(windows.size, axes)},
          {"placement",
           {{"as", kPlacements[static_cast<std::size_t>(windows.placement)]},
            {monai ? "overlap" : "step", windows.overlap_or_step}}},
          {"weight", kWeights[static_cast<std::size_t>(windows.weight)]},
          {"pad", std::move(pad)},
          {"sum", kSums[static_cast<std::size_t>(windows.sum)]}};
}

/// Network axes, ascending.
std::vector<int> read_mirror(const JsonField& field, const AxesWord& axes) {
  std::vector<int> mirror;
  for (const JsonField& each : field.elements(0, static_cast<std::size_t>(axes.axes))) {
    mirror.push_back(static_cast<int>(each.integer(mirror.empty() ? 0 : mirror.back() + 1, axes.axes - 1)));
  }
  return mirror;
}

StageSpec read_stage(const JsonField& field) {
  only(field, {"name", "networks", "steps", "windows", "mirror", "scores_back", "decode", "to_label"});
  StageSpec stage;
  if (field.has("name")) stage.name = field.at("name").text();
  const std::vector<JsonField> networks = field.at("networks").elements(1, kMostFolds);
  std::vector<std::string> words;
  words.reserve(kAxes.size());
  for (const AxesWord& each : kAxes) words.emplace_back(each.word);
  const AxesWord& axes = kAxes[one_of(networks[0].at("axes"), words)];
  for (const JsonField& each : networks) {
    word(each.at("axes"), axes.word);
    stage.networks.push_back(read_network(each));
  }
  stage.steps = read_list<image::Step>(field.at("steps"));
  stage.windows = read_windows(field.at("windows"), axes);
  if (field.has("mirror")) stage.mirror = read_mirror(field.at("mirror"), axes);
  stage.scores_back = field.at("scores_back").integer(0, static_cast<std::int64_t>(stage.steps.size()));
  stage.decode = KindReader<Decode>(field.at("decode")).read();
  const JsonField labels = field.at("to_label");
  if (labels.value().is_array()) {
    for (const JsonField& each : labels.elements(1, kMostLabels))
      stage.to_label.push_back(each.integer(0, kLargestLabel));
  } else {
    word(labels, "sorted_values");
  }
  return stage;
}

Json stage_json(const StageSpec& stage) {
  Json json;
  if (!stage.name.empty()) json["name"] = stage.name;
  Json networks = Json::array();
  for (const NetworkRef& each : stage.networks)
    networks.push_back(network_json(each, axes_of(stage.windows).word));
  json["networks"] = std::move(networks);
  json["steps"] = list_json(stage.steps);
  json["windows"] = windows_json(stage.windows);
  if (!stage.mirror.empty()) json["mirror"] = stage.mirror;
  json["scores_back"] = stage.scores_back;
  json["decode"] = kind_json(stage.decode);
  json["to_label"] = stage.to_label.empty() ? Json("sorted_values") : Json(stage.to_label);
  return json;
}

const std::vector<std::string> kSlabs{"never", "when_large", "always"};
const std::vector<std::string> kTypes{"i16", "u8"};
const std::vector<std::string> kLabelsReturns{"nearest", "class_by_class", "none"};

TaskSpec read_task_at(const nlohmann::json& document, const std::string& where, int depth);

// A task that is run for another one.
std::shared_ptr<const TaskSpec> read_other(const JsonField& task, int depth) {
  if (depth == kDeepestRough) task.refuse("no further task is supported");
  return std::make_shared<const TaskSpec>(read_task_at(task.value(), task.path(), depth + 1));
}

Rough read_rough(const JsonField& field, int depth) {
  only(field, {"task", "labels", "margin_mm"});
  Rough rough;
  rough.task = read_other(field.at("task"), depth);
  read_field(field.at("labels"), &rough.labels);
  rough.margin_mm = field.at("margin_mm").number();
  if (!(rough.margin_mm >= 0 && rough.margin_mm <= 1e6))
    field.at("margin_mm").refuse("0 to 1000000 mm is allowed");
  return rough;
}

Previous read_previous(const JsonField& field, int depth) {
  only(field, {"task", "labels"});
  Previous previous;
  previous.task = read_other(field.at("task"), depth);
  read_field(field.at("labels"), &previous.labels);
  return previous;
}

std::string kind_of(const image::Step& step) {
  return std::visit([](const auto& each) { return std::string(each.kKind); }, step);
}

}  // namespace

namespace {

TaskSpec read_task_at(const nlohmann::json& document, const std::string& where, int depth) {
  const JsonField top(document, where);
  only(top, {"name", "version", "each", "images", "rough", "previous", "beside", "steps", "labels_back",
             "slabs", "stages", "polish", "labels", "type"});
  TaskSpec task;
  task.name = top.at("name").text();
  task.version = top.at("version").text(64);
  task.each = read_each(top.at("each"));
  if (top.has("images")) task.images = top.at("images").integer(1, kMostImages);
  if (top.has("rough")) task.rough = read_rough(top.at("rough"), depth);
  if (top.has("previous")) task.previous = read_previous(top.at("previous"), depth);
  if (top.has("beside")) task.beside = read_other(top.at("beside"), depth);
  task.steps = read_list<image::Step>(top.at("steps"));
  if (top.has("labels_back")) {
    const JsonField back = top.at("labels_back");
    task.labels_back = static_cast<LabelsReturn>(one_of(back, kLabelsReturns));
    const bool smooth = task.labels_back == LabelsReturn::class_by_class;
    if (smooth && (task.steps.empty() || !std::holds_alternative<image::ResampleCorner>(task.steps.back())))
      back.refuse("it belongs to a task whose last step is a corner_aligned resampling");
  }
  if (top.has("slabs")) task.slabs = static_cast<Slabs>(one_of(top.at("slabs"), kSlabs));
  for (const JsonField& each : top.at("stages").elements(1, kMostStages))
    task.stages.push_back(read_stage(each));
  task.polish = read_list<Polish>(top.at("polish"));
  task.labels = parse_labels(document, Background::refused);
  for (const JsonField& label : top.at("labels").elements(0, task.labels.size()))
    only(label, {"value", "region", "anatomy", "side", "snomed", "kind"});
  word(top.at("type"), type_of(task));
  const std::string problem = why_not(task);
  if (!problem.empty()) throw Error(ErrorCode::format, Reason::bad_json, problem);
  return task;
}

}  // namespace

TaskSpec read_task(const nlohmann::json& document) { return read_task_at(document, "the task", 0); }

Json labels_json(const std::vector<Label>& labels) {
  Json table = Json::array();
  for (const Label& label : labels) {
    Json entry = {
        {"value", label.value}, {"region", label.region}, {"anatomy", label.anatomy}, {"side", label.side}};
    if (!label.snomed.empty()) entry["snomed"] = label.snomed;
    if (const std::string kind = label_kind(label); !kind.empty()) entry["kind"] = kind;
    table.push_back(std::move(entry));
  }
  return table;
}

Json task_json(const TaskSpec& task) {
  Json json = {{"name", task.name}, {"version", task.version}, {"each", each_json(task.each)}};
  if (task.images > 1) json["images"] = task.images;
  if (task.rough) {
    json["rough"] = {{"task", task_json(*task.rough->task)},
                     {"labels", task.rough->labels},
                     {"margin_mm", task.rough->margin_mm}};
  }
  if (task.previous)
    json["previous"] = {{"task", task_json(*task.previous->task)}, {"labels", task.previous->labels}};
  if (task.beside) json["beside"] = task_json(*task.beside);
  json["steps"] = list_json(task.steps);
  if (task.labels_back != LabelsReturn::nearest)
    json["labels_back"] = kLabelsReturns[static_cast<std::size_t>(task.labels_back)];
  if (task.slabs != Slabs::never) json["slabs"] = kSlabs[static_cast<std::size_t>(task.slabs)];
  Json stages = Json::array();
  for (const StageSpec& each : task.stages) stages.push_back(stage_json(each));
  json["stages"] = std::move(stages);
  json["polish"] = list_json(task.polish);
  json["labels"] = labels_json(task.labels);
  json["type"] = type_of(task);
  return json;
}

std::string task_sha256(const TaskSpec& task) {
  return base::sha256_hex(task_json(task).dump(-1, ' ', false, Json::error_handler_t::replace));
}

Json plan_json(const TaskSpec& task, const Plan& plan, std::int64_t windows_at_once) {
  Json grids = Json::array();
  const auto add = [&](const image::Grid& grid, const std::string& behind) {
    Geometry geometry;
    geometry.to_world.m = grid.to_world.m;
    grids.push_back({{"behind", behind}, {"shape", grid.shape}, {"spacing_mm", geometry.spacing()}});
  };
  for (std::size_t n = 0; n < plan.grids.size(); ++n)
    add(plan.grids[n], n == 0 ? "reading" : kind_of(task.steps[n - 1]));
  std::int64_t windows = 0;
  for (std::size_t s = 0; s < plan.stages.size(); ++s) {
    const StagePlan& stage = plan.stages[s];
    for (std::size_t n = 0; n < stage.grids.size(); ++n)
      add(stage.grids[n], kind_of(task.stages[s].steps[n]));
    windows += stage.windows.windows() * static_cast<std::int64_t>(task.stages[s].networks.size());
  }
  Json json = {{"grids", std::move(grids)}};
  if (sums_in_half(task.stages[0])) {
    if (plan.rough) json["rough"] = plan_json(*task.rough->task, *plan.rough, windows_at_once);
  } else {
    json["windows_per_slice"] = plan.stages[0].slice.windows();
  }
  json["windows"] = windows;
  json["windows_at_once"] = windows_at_once;
  json["peak_bytes"] = plan.peak_bytes(windows_at_once);
  return json;
}

}  // namespace musclemap::task
