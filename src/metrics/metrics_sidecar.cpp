#include "metrics/metrics_sidecar.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/sha256.hpp"
#include "io/files/json_file.hpp"
#include "io/files/warnings_json.hpp"
#include "metrics/metrics_files.hpp"
#include "metrics/metrics_options.hpp"
#include "musclemap/error.hpp"
#include "musclemap/version.hpp"

namespace musclemap::metrics {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

// A name that is no UTF-8 is changed on its way into JSON.
std::string as_written(const std::filesystem::path& path) {
  const Json written = path.generic_string();
  return Json::parse(written.dump(-1, ' ', false, Json::error_handler_t::replace)).get<std::string>();
}

// Tells folders apart without their names, which may be those of people. Empty for the folder of the results.
std::string folder_hash(const MetricsRequest& request) {
  const std::string folder = labels_folder(request).generic_string();
  return folder == "." ? std::string() : base::sha256_hex(folder).substr(0, 16);
}

Json inputs_of(const MetricsRequest& request) {
  Json inputs;
  if (request.method == MetricsMethod::dixon) {
    inputs["fat"] = request.fat.filename().string();
    inputs["water"] = request.water.filename().string();
  } else {
    inputs["image"] = request.image.filename().string();
  }
  inputs["labels"] = request.labels.filename().string();
  const std::string folder = folder_hash(request);
  if (!folder.empty()) inputs["labels_folder_sha256"] = folder;
  return inputs;
}

Json edits_of(const TissueEdits& edits) {
  Json groups = Json::object();
  for (const auto& [name, edit] : edits) {
    groups[name] = {{"muscle_max_shift", edit.muscle_max_shift}, {"fat_min_shift", edit.fat_min_shift}};
    if (!edit.erase.empty()) groups[name]["erase"] = edit.erase.filename().string();
  }
  return groups;
}

std::string letter_of(int axis) { return std::string(1, "ijk"[axis]); }

Json settings_of(const MetricsRecord& record) {
  const MetricsRequest& request = record.request;
  Json settings;
  settings["method"] = base::word_of(request.method);
  settings["slice_axis"] = letter_of(record.scale.slice_axis);
  settings["section_axis"] = letter_of(record.scale.section_axis);
  settings["section_axis_rule"] = base::word_of(request.section_axis);
  if (!divides(request.method)) return settings;
  const TissueOptions& tissue = request.tissue;
  if (tissue.divide_bones) settings["divide_bones"] = *tissue.divide_bones;
  settings["operators"] = base::word_of(tissue.operators);
  if (request.method == MetricsMethod::hu) {
    settings["muscle_range"] = {tissue.muscle_range.low, tissue.muscle_range.high};
    settings["fat_range"] = {tissue.fat_range.low, tissue.fat_range.high};
  } else {
    settings["components"] = tissue.components;
  }
  if (request.method == MetricsMethod::gmm) {
    settings["stop"] = base::word_of(tissue.stop);
    settings["collapse_guard"] = tissue.collapse_guard;
  }
  if (!request.edits.empty()) settings["edits"] = edits_of(request.edits);
  return settings;
}

Json fit_of(const TissueFit& fit) {
  Json components = Json::array();
  for (const TissueComponent& component : fit.components) {
    components.push_back({{"weight", number(component.weight)},
                          {"mean", number(component.mean)},
                          {"variance", number(component.variance)}});
  }
  return {{"label", fit.label},
          {"status", status_name(fit.status)},
          {"muscle_max", number(fit.muscle_max)},
          {"fat_min", number(fit.fat_min)},
          {"components", components},
          {"objective", number(fit.objective)},
          {"iterations", fit.iterations},
          {"starts", fit.starts},
          {"stable", fit.stable}};
}

Json record_of(const MetricsRecord& record) {
  Json json;
  json["inputs"] = inputs_of(record.request);
  json["settings"] = settings_of(record);
  if (divides(record.request.method)) {
    json["fits"] = Json::array();
    for (const TissueFit& fit : record.fits) json["fits"].push_back(fit_of(fit));
  }
  json["library"] = {{"name", "musclemap"}, {"version", kVersion}};
  json["warnings"] = io::warnings_json(record.metrics.warnings);
  return json;
}

std::string with_record(const std::string& text, const MetricsRecord& record) {
  Json json = Json::parse(text);
  json["musclemap"] = record_of(record);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string other_label_map(const std::filesystem::path& json, const MetricsRequest& request) {
  std::error_code ignored;
  if (!std::filesystem::exists(json, ignored)) return {};
  try {
    const nlohmann::json document = io::read_json_file(json);
    const nlohmann::json& inputs = document.at("musclemap").at("inputs");
    const std::string folder = inputs.value("labels_folder_sha256", std::string());
    std::string name = inputs.at("labels").get<std::string>();
    if (name != as_written(request.labels.filename())) return name;
    return folder == folder_hash(request) ? std::string() : name + " of another folder";
  } catch (const Error&) {
    return {};  // no JSON
  } catch (const nlohmann::json::exception&) {
    return {};  // not ours
  }
}

std::string metrics_sidecar_text(const MetricsRecord& record) {
  return with_record(record.metrics.labels.dictionary(record.request.table), record);
}

std::string metrics_json_text(const MetricsRecord& record) {
  std::ostringstream text;
  record.metrics.labels.write(text, record.request.table);
  return with_record(text.str(), record);
}

}  // namespace musclemap::metrics
