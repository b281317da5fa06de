#include "task/totalsegmentator/task_list.hpp"

#include <algorithm>

#include "task/totalsegmentator/known_tasks.hpp"
#include "task/totalsegmentator/missing_weights.hpp"
#include "task/totalsegmentator/organ_codes.hpp"
#include "task/totalsegmentator/task_choice.hpp"
#include "task/weights_search.hpp"

namespace musclemap::task {
namespace {

namespace fs = std::filesystem;
using OrderedJson = nlohmann::ordered_json;

TaskChoice choice_of(const KnownTask& task, const KnownVariant& variant) {
  TaskOptions options;
  options.fast = variant.name == "fast";
  options.fastest = variant.name == "fastest";
  return choose_task(task.name, options);
}

OrderedJson networks_json(const TaskChoice& choice, const std::vector<fs::path>& roots) {
  OrderedJson networks = OrderedJson::array();
  for (const KnownNetwork& each : choice.networks) {
    const fs::path folder = choice.variant->folder(each, choice.plans);
    const fs::path found = find_weights(roots, folder);
    networks.push_back({{"folder", folder.generic_string()},
                        {"part", each.part},
                        {"found", found.empty() ? OrderedJson() : OrderedJson(found.string())}});
  }
  return networks;
}

OrderedJson variant_json(const TaskChoice& choice, const std::vector<fs::path>& roots) {
  return {{"name", choice.variant->name},
          {"spacing_mm", choice.spacing_mm ? OrderedJson(*choice.spacing_mm) : OrderedJson()},
          {"step", choice.step},
          {"networks", networks_json(choice, roots)},
          {"there", missing_weights(choice, roots).empty()}};
}

OrderedJson crop_json(const std::optional<RoughChoice>& rough) {
  if (!rough) return {};
  return {{"task", rough->task->task->name},
          {"variant", rough->task->variant->name},
          {"classes", rough->classes},
          {"margin_mm", rough->margin_mm}};
}

// The concepts that there are, as code and meaning, and the colour.
OrderedJson code_json(const OrganCode& code) {
  OrderedJson json = OrderedJson::object();
  const auto add = [&](const char* key, const Concept& part) {
    if (!part.code.empty()) json[key] = {{"code", part.code}, {"meaning", part.meaning}};
  };
  add("category", code.category);
  add("type", code.type);
  add("modifier", code.modifier);
  add("region", code.region);
  add("region_modifier", code.region_modifier);
  json["colour"] = "#" + code.colour;
  return json;
}

OrderedJson codes_json(const std::vector<std::string>& classes) {
  OrderedJson json = OrderedJson::object();
  for (const std::string& name : classes) {
    if (const OrganCode* code = organ_code(name)) json[name] = code_json(*code);
  }
  return json;
}

OrderedJson task_json_of(const KnownTask& task, const std::vector<fs::path>& roots) {
  OrderedJson json = {
      {"name", task.name}, {"version", known_version()}, {"image", task.modality}, {"licence", task.license}};
  for (std::size_t n = 0; n < task.classes.size(); ++n)
    json["classes"][std::to_string(n + 1)] = task.classes[n];
  json["snomed"] = codes_json(task.classes);
  json["variants"] = OrderedJson::array();
  for (const KnownVariant& each : task.variants)
    json["variants"].push_back(variant_json(choice_of(task, each), roots));
  const TaskChoice usual = choice_of(task, task.variants[0]);
  json["crop"] = crop_json(usual.rough);
  json["dropped"] = task.auxiliary;
  const std::string missing = missing_weights(usual, roots);
  json["missing"] = missing.empty() ? OrderedJson() : OrderedJson(missing);
  return json;
}

}  // namespace

OrderedJson task_list_json(const std::vector<fs::path>& roots) {
  OrderedJson json = {
      {"version", known_version()}, {"citation", kCitation}, {"looked_in", OrderedJson::array()}};
  for (const fs::path& each : roots) json["looked_in"].push_back(each.string());
  json["tasks"] = OrderedJson::array();
  for (const KnownTask& each : known_tasks()) json["tasks"].push_back(task_json_of(each, roots));
  return json;
}

OrderedJson known_task_json(const std::string& name, const std::vector<fs::path>& roots) {
  return task_json_of(*choose_task(name, {}).task, roots);
}

bool is_known_task(const std::string& name) { return known_task(name) != nullptr; }

std::vector<std::string> options_without_effect(const std::string& name, const TaskOptions& options) {
  if (!is_known_task(name)) return {};
  return choose_task(name, options).ignored;
}

std::vector<std::string> known_task_names() {
  std::vector<std::string> names;
  for (const KnownTask& each : known_tasks()) names.push_back(each.name);
  return names;
}

}  // namespace musclemap::task
