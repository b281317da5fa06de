#include "task/totalsegmentator/known_tasks.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "task/totalsegmentator/embedded_tasks.hpp"

namespace musclemap::task {
namespace {

using Json = nlohmann::json;

// What the table leaves out (README.md there).
constexpr double kUsualStep = 0.5;
constexpr double kUsualMarginMm = 20;
constexpr const char* kUsualConfiguration = "3d_fullres";

struct Table {
  std::string version;
  std::vector<KnownDataset> datasets;
  std::vector<KnownTask> tasks;
  std::vector<std::string> v1_order;
};

std::vector<std::string> words(const Json& json, const char* key) {
  std::vector<std::string> result;
  const std::string text = json.value(key, "");
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    result.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return result;
}

// "Dataset008_HepaticVessel" is 8.
KnownDataset dataset_of(const Json& json) {
  const std::string folder = json.at("folder");
  return {std::stoi(folder.substr(folder.find_first_of("0123456789"))), folder, json.value("release", "")};
}

KnownNetwork network_of(const Json& json, const std::vector<KnownDataset>& datasets,
                        std::int32_t classes_of_task) {
  const int number = json.at("dataset");
  const auto found = std::find_if(datasets.begin(), datasets.end(),
                                  [&](const KnownDataset& each) { return each.number == number; });
  return {&*found, json.value("part", ""), json.value("first", 1), json.value("classes", classes_of_task)};
}

KnownVariant variant_of(const std::string& name, const Json& json, const Table& table,
                        std::int32_t classes_of_task) {
  KnownVariant variant;
  variant.name = name;
  for (const Json& network : json.at("networks"))
    variant.networks.push_back(network_of(network, table.datasets, classes_of_task));
  if (json.contains("spacing")) variant.spacing_mm = json["spacing"].get<Spacing>();
  variant.trainer = json.at("trainer");
  variant.configuration = json.value("configuration", kUsualConfiguration);
  if (!json.contains("folds")) {
    variant.folds = {0};
  } else if (json["folds"].is_array()) {
    variant.folds = json["folds"].get<std::vector<int>>();
  }
  variant.step = json.value("step", kUsualStep);
  return variant;
}

KnownPolish polish_of(const Json& json) {
  return {json.at("op"), words(json, "classes"), json.value("min_mm3", 0.0), json.value("dilate_mm", 0.0),
          json.value("task", "")};
}

KnownTask task_of(const Json& json, const Table& table) {
  KnownTask task;
  task.name = json.at("name");
  task.modality = json.at("modality");
  task.license = json.at("license");
  task.classes = words(json, "classes");
  task.auxiliary = words(json, "auxiliary");
  for (const auto& [name, variant] : json.at("variants").items()) {
    // JSON's order is that of the alphabet, which has "default" first.
    task.variants.push_back(variant_of(name, variant, table, static_cast<std::int32_t>(task.classes.size())));
  }
  task.fast_ignored = json.value("fast", "") == "ignored";
  if (json.contains("crop")) {
    const Json& crop = json["crop"];
    task.crop = KnownCrop{words(crop, "classes"), crop.at("by"), crop.value("robust", false),
                          crop.value("margin_mm", kUsualMarginMm)};
  }
  if (json.contains("polish")) {
    for (const Json& each : json["polish"]) task.polish.push_back(polish_of(each));
  }
  task.derived_masks = words(json, "derived_masks");
  return task;
}

Table read_table() {
  const Json json = Json::parse(embedded_tasks());
  Table table;
  table.version = json.at("version");
  for (const Json& each : json.at("datasets")) table.datasets.push_back(dataset_of(each));
  for (const Json& each : json.at("tasks")) table.tasks.push_back(task_of(each, table));
  table.v1_order = words(json, "v1_order");
  return table;
}

// Filled once, by whichever thread comes first; networks point at its datasets.
const Table& table() {
  static const Table read = read_table();
  return read;
}

}  // namespace

std::filesystem::path KnownVariant::folder(const KnownNetwork& network, const std::string& plans) const {
  return std::filesystem::path(network.dataset->folder) / (trainer + "__" + plans + "__" + configuration);
}

const KnownVariant* KnownTask::variant(const std::string& wanted) const {
  const auto found = std::find_if(variants.begin(), variants.end(),
                                  [&](const KnownVariant& each) { return each.name == wanted; });
  return found == variants.end() ? nullptr : &*found;
}

std::int32_t KnownTask::value_of(const std::string& wanted) const {
  const auto found = std::find(classes.begin(), classes.end(), wanted);
  return found == classes.end() ? 0 : static_cast<std::int32_t>(found - classes.begin()) + 1;
}

const std::string& known_version() { return table().version; }

const std::vector<KnownTask>& known_tasks() { return table().tasks; }

const KnownTask* known_task(const std::string& name) {
  const std::vector<KnownTask>& tasks = known_tasks();
  const auto found =
      std::find_if(tasks.begin(), tasks.end(), [&](const KnownTask& each) { return each.name == name; });
  return found == tasks.end() ? nullptr : &*found;
}

const std::vector<std::string>& v1_order() { return table().v1_order; }

}  // namespace musclemap::task
