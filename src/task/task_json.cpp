#include "task/task_json.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/sha256.hpp"
#include "base/words.hpp"
#include "io/files/json_fields.hpp"
#include "task/model_config.hpp"

namespace musclemap::task {
namespace {

using Json = nlohmann::ordered_json;
using io::JsonField;

constexpr std::int64_t kMostVoxels = 32767;
constexpr std::size_t kMostSteps = 64;

std::string quoted(const std::string& word) { return "\"" + word + "\""; }

/// Refuses what is not an object and what it has beside those keys.
void only(const JsonField& field, const std::vector<std::string>& keys) {
  if (!field.value().is_object()) field.refuse("an object is needed");
  for (const auto& [key, value] : field.value().items()) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
      field.at(key).refuse("there is no such field");
  }
}

void word(const JsonField& field, const std::string& supported) {
  if (!field.value().is_string() || field.value() != supported)
    field.refuse(quoted(supported) + " is supported");
}

/// Which of the words stands there.
std::size_t one_of(const JsonField& field, const std::vector<std::string>& words) {
  std::string allowed;
  for (std::size_t n = 0; n < words.size(); ++n) {
    if (field.value() == words[n]) return n;
    allowed += (n == 0 ? "" : n + 1 == words.size() ? " and " : ", ") + quoted(words[n]);
  }
  field.refuse(allowed + (words.size() == 1 ? " is supported" : " are supported"));
}

void read_field(const JsonField& field, Spacing* spacing) {
  const std::vector<JsonField> axes = field.elements(3, 3);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (axes[axis].value() == "keep") {
      (*spacing)[axis] = -1;
      continue;
    }
    (*spacing)[axis] = axes[axis].value().is_number() ? axes[axis].number() : 0;
    if (!((*spacing)[axis] >= 0.01 && (*spacing)[axis] <= 100))
      axes[axis].refuse("0.01 to 100 mm, or \"keep\", is allowed");
  }
}

Json field_json(const Spacing& spacing) {
  Json axes = Json::array();
  for (const double mm : spacing) axes.push_back(mm > 0 ? Json(mm) : Json("keep"));
  return axes;
}

void read_field(const JsonField& field, Index3* voxels) {
  const std::vector<JsonField> axes = field.elements(3, 3);
  for (std::size_t axis = 0; axis < 3; ++axis) (*voxels)[axis] = axes[axis].integer(0, kMostVoxels);
}

Json field_json(const Index3& voxels) { return voxels; }

void read_field(const JsonField& field, std::array<int, 3>* axes) {
  const std::vector<JsonField> each = field.elements(3, 3);
  for (std::size_t axis = 0; axis < 3; ++axis) (*axes)[axis] = static_cast<int>(each[axis].integer(0, 2));
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (std::count(axes->begin(), axes->end(), static_cast<int>(axis)) != 1)
      field.refuse("0, 1 and 2, each once, are allowed");
  }
}

Json field_json(const std::array<int, 3>& axes) { return axes; }

void read_field(const JsonField& field, double* number) { *number = field.number(); }

Json field_json(double number) { return number; }

void read_field(const JsonField& field, bool* flag) {
  if (!field.value().is_boolean()) field.refuse("true or false is needed");
  *flag = field.value().get<bool>();
}

Json field_json(bool flag) { return flag; }

template <class Enum, std::enable_if_t<std::is_enum_v<Enum>, int> = 0>
void read_field(const JsonField& field, Enum* value) {
  *value = base::Words<Enum>::kList[one_of(field, base::words_of<Enum>())].first;
}

template <class Enum, std::enable_if_t<std::is_enum_v<Enum>, int> = 0>
Json field_json(Enum value) {
  return base::word_of(value);
}

/// A list of objects that have fields of their own.
template <class Part>
void read_field(const JsonField& field, std::vector<Part>* parts) {
  for (const JsonField& each : field.elements(1, kMostSteps)) {
    Part& part = parts->emplace_back();
    std::vector<std::string> keys;
    Part::fields(part, [&](const char* key, auto&) { keys.emplace_back(key); });
    only(each, keys);
    Part::fields(part, [&](const char* key, auto& value) { read_field(each.at(key), &value); });
  }
}

template <class Part>
Json field_json(const std::vector<Part>& parts) {
  Json list = Json::array();
  for (const Part& part : parts) {
    Json inside = Json::object();
    Part::fields(part, [&](const char* key, const auto& value) { inside[key] = field_json(value); });
    list.push_back(std::move(inside));
  }
  return list;
}

/// {"kind": {words, fields}} as one of the types of a variant.
template <class Variant>
class KindReader {
 public:
  explicit KindReader(const JsonField& field) : field_(field) {}

  Variant read() {
    if (!field_.value().is_object() || field_.value().size() != 1) refuse_kind();
    try_all(std::make_index_sequence<std::variant_size_v<Variant>>());
    if (found_) return *found_;
    if (words_.empty()) refuse_kind();
    one_of(*word_, words_);  // refuses
    return {};
  }

 private:
  template <std::size_t... I>
  void try_all(std::index_sequence<I...>) {
    (attempt<std::variant_alternative_t<I, Variant>>(), ...);
  }

  template <class Option>
  void attempt() {
    if (found_ || !field_.has(Option::kKind)) return;
    const JsonField own = field_.at(Option::kKind);
    std::vector<std::string> keys;
    keys.reserve(Option::kWords.size());
    for (const image::Word& each : Option::kWords) keys.emplace_back(each.key);
    if (!keys.empty()) {
      const JsonField first = own.at(keys[0]);
      if (first.value() != Option::kWords.begin()->value) {
        word_.emplace(first);
        words_.emplace_back(Option::kWords.begin()->value);
        return;
      }
    }
    Option option;
    Option::fields(option, [&](const char* key, auto&) { keys.emplace_back(key); });
    only(own, keys);
    for (const image::Word& each : Option::kWords) word(own.at(each.key), each.value);
    Option::fields(option, [&](const char* key, auto& value) { read_field(own.at(key), &value); });
    found_ = option;
  }

  [[noreturn]] void refuse_kind() const {
    std::vector<std::string> kinds;
    list_kinds(std::make_index_sequence<std::variant_size_v<Variant>>(), &kinds);
    std::string allowed;
    for (const std::string& kind : kinds) allowed += (allowed.empty() ? "" : ", ") + quoted(kind);
    field_.refuse("an object of one of " + allowed + " is needed");
  }

  template <std::size_t... I>
  static void list_kinds(std::index_sequence<I...>, std::vector<std::string>* kinds) {
    const auto add = [&](const char* kind) {
      if (std::find(kinds->begin(), kinds->end(), kind) == kinds->end()) kinds->emplace_back(kind);
    };
    (add(std::variant_alternative_t<I, Variant>::kKind), ...);
  }

  const JsonField& field_;
  std::optional<Variant> found_;
  std::optional<JsonField> word_;  // the one that is none of the words
  std::vector<std::string> words_;
};

template <class Variant>
Json kind_json(const Variant& value) {
  return std::visit(
      [](const auto& option) {
        using Option = std::decay_t<decltype(option)>;
        Json inside = Json::object();
        for (const image::Word& each : Option::kWords) inside[each.key] = each.value;
        Option::fields(option, [&](const char* key, const auto& field) { inside[key] = field_json(field); });
        return Json{{Option::kKind, std::move(inside)}};
      },
      value);
}

template <class Variant>
std::vector<Variant> read_list(const JsonField& field) {
  std::vector<Variant> list;
  for (const JsonField& each : field.elements(0, kMostSteps))
    list.push_back(KindReader<Variant>(each).read());
  return list;
}

template <class Variant>
Json list_json(const std::vector<Variant>& list) {
  Json json = Json::array();
  for (const Variant& each : list) json.push_back(kind_json(each));
  return json;
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

NetworkRef read_network(const JsonField& field) {
  only(field, {"file", "sha256", "axes", "in", "out"});
  NetworkRef network;
  network.file = field.at("file").text();
  const bool is_name = network.file.find('/') == std::string::npos && !network.file.empty() &&
                       network.file != "." && network.file != "..";
  if (!is_name) field.at("file").refuse("a name without folders is needed");
  if (field.has("sha256")) {
    network.sha256 = field.at("sha256").text();
    const bool hex = network.sha256.size() == 64 &&
                     network.sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!hex) field.at("sha256").refuse("64 hexadecimal digits are needed");
  }
  word(field.at("axes"), "xy");
  word(field.at("in").elements(1, 1)[0], "image");
  word(field.at("out").elements(1, 1)[0], "scores");
  return network;
}

Json network_json(const NetworkRef& network) {
  Json json = {{"file", network.file}};
  if (!network.sha256.empty()) json["sha256"] = network.sha256;
  json["axes"] = "xy";
  json["in"] = {"image"};
  json["out"] = {"scores"};
  return json;
}

Index3 read_size(const JsonField& field) {
  const std::vector<JsonField> axes = field.elements(2, 2);
  return {axes[0].integer(1, kLargestWindow), axes[1].integer(1, kLargestWindow), 1};
}

const std::vector<std::string> kPlacements{"monai", "nnunet"};
const std::vector<std::string> kWeights{"gaussian_monai", "gaussian_nnunet"};

infer::WindowSpec read_windows(const JsonField& field) {
  only(field, {"size", "placement", "weight", "pad", "sum"});
  infer::WindowSpec windows;
  windows.size = read_size(field.at("size"));
  const JsonField placement = field.at("placement");
  windows.placement = static_cast<infer::Placement>(one_of(placement.at("as"), kPlacements));
  const bool monai = windows.placement == infer::Placement::monai;
  const char* key = monai ? "overlap" : "step";
  only(placement, {"as", key});
  windows.overlap_or_step = placement.at(key).number() + 0.0;  // -0 is 0
  const double number = windows.overlap_or_step;
  if (monai && !(number >= 0 && number < 1)) placement.at(key).refuse("0 to below 1 is allowed");
  const std::int64_t side = std::min(windows.size[0], windows.size[1]);
  if (!monai && !(number * static_cast<double>(side) >= 1 && number <= 1)) {
    placement.at(key).refuse("1/" + std::to_string(side) + ", a pixel of the window, to 1 is allowed");
  }
  windows.weight = static_cast<infer::Weight>(one_of(field.at("weight"), kWeights));
  const JsonField pad = field.at("pad");
  if (one_of(pad.at("to"), {"window", "least"}) == 0) {
    only(pad, {"to", "side"});
    word(pad.at("side"), "both");
  } else {
    only(pad, {"to", "size", "side"});
    windows.least = read_size(pad.at("size"));
    word(pad.at("side"), "high");
  }
  word(field.at("sum"), "f32");
  return windows;
}

Json size_json(const Index3& size) { return {size[0], size[1]}; }

Json windows_json(const infer::WindowSpec& windows) {
  const bool monai = windows.placement == infer::Placement::monai;
  const bool least = windows.least[0] > 1 || windows.least[1] > 1;
  Json pad = least ? Json{{"to", "least"}, {"size", size_json(windows.least)}, {"side", "high"}}
                   : Json{{"to", "window"}, {"side", "both"}};
  return {{"size", size_json(windows.size)},
          {"placement",
           {{"as", kPlacements[static_cast<std::size_t>(windows.placement)]},
            {monai ? "overlap" : "step", windows.overlap_or_step}}},
          {"weight", kWeights[static_cast<std::size_t>(windows.weight)]},
          {"pad", std::move(pad)},
          {"sum", "f32"}};
}

StageSpec read_stage(const JsonField& field) {
  only(field, {"networks", "steps", "windows", "scores_back", "decode", "to_label"});
  StageSpec stage;
  stage.networks = {read_network(field.at("networks").elements(1, 1)[0])};
  stage.steps = read_list<image::Step>(field.at("steps"));
  stage.windows = read_windows(field.at("windows"));
  stage.scores_back = field.at("scores_back").integer(0, static_cast<std::int64_t>(stage.steps.size()));
  stage.decode = KindReader<Decode>(field.at("decode")).read();
  word(field.at("to_label"), "sorted_values");
  return stage;
}

Json stage_json(const StageSpec& stage) {
  return {{"networks", Json::array({network_json(stage.networks[0])})},
          {"steps", list_json(stage.steps)},
          {"windows", windows_json(stage.windows)},
          {"scores_back", stage.scores_back},
          {"decode", kind_json(stage.decode)},
          {"to_label", "sorted_values"}};
}

std::string kind_of(const image::Step& step) {
  return std::visit([](const auto& each) { return std::string(each.kKind); }, step);
}

}  // namespace

TaskSpec read_task(const nlohmann::json& document) {
  const JsonField top(document, "the task");
  only(top, {"name", "version", "each", "steps", "stages", "polish", "labels", "type"});
  TaskSpec task;
  task.name = top.at("name").text();
  task.version = top.at("version").text(64);
  task.each = read_each(top.at("each"));
  task.steps = read_list<image::Step>(top.at("steps"));
  task.stages = {read_stage(top.at("stages").elements(1, 1)[0])};
  task.polish = read_list<Polish>(top.at("polish"));
  task.labels = parse_labels(document, Background::refused);
  for (const JsonField& label : top.at("labels").elements(0, task.labels.size()))
    only(label, {"value", "region", "anatomy", "side", "snomed", "kind"});
  word(top.at("type"), "i16");
  const std::string problem = why_not(task);
  if (!problem.empty()) throw Error(ErrorCode::format, Reason::bad_json, problem);
  return task;
}

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
  return {{"name", task.name},
          {"version", task.version},
          {"each", each_json(task.each)},
          {"steps", list_json(task.steps)},
          {"stages", Json::array({stage_json(task.stages[0])})},
          {"polish", list_json(task.polish)},
          {"labels", labels_json(task.labels)},
          {"type", "i16"}};
}

std::string task_sha256(const TaskSpec& task) {
  return base::sha256_hex(task_json(task).dump(-1, ' ', false, Json::error_handler_t::replace));
}

Json plan_json(const TaskSpec& task, const Plan& plan, std::int64_t windows_at_once) {
  Json grids = Json::array();
  const std::vector<image::Step> steps = all_steps(task);
  for (std::size_t n = 0; n < plan.grids.size(); ++n) {
    Geometry geometry;
    geometry.to_world.m = plan.grids[n].to_world.m;
    grids.push_back({{"behind", n == 0 ? "reading" : kind_of(steps[n - 1])},
                     {"shape", plan.grids[n].shape},
                     {"spacing_mm", geometry.spacing()}});
  }
  return {{"grids", std::move(grids)},
          {"windows_per_slice", plan.slice.windows()},
          {"windows", plan.windows.windows()},
          {"windows_at_once", windows_at_once},
          {"peak_bytes", plan.peak_bytes(windows_at_once)}};
}

}  // namespace musclemap::task
