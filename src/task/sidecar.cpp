#include "task/sidecar.hpp"

#include <nlohmann/json.hpp>

#include "base/parallel.hpp"
#include "io/files/warnings_json.hpp"
#include "musclemap/version.hpp"
#include "task/musclemap_task.hpp"
#include "task/segment_options.hpp"
#include "task/task_json.hpp"

namespace musclemap::task {
namespace {

using Json = nlohmann::ordered_json;

// What every run has.
void tell_run(const Segmenter& segmenter, const std::vector<Warning>& warnings, Json* told) {
  const SegmentReport& report = segmenter.report();
  Json& sidecar = *told;
  sidecar["library"] = {{"name", "musclemap"}, {"version", kVersion}};
  sidecar["engine"] = report.engine;
  if (!report.engine_reason.empty()) sidecar["engine_reason"] = report.engine_reason;
  if (!report.engine_check.empty()) sidecar["engine_check"] = report.engine_check;
  sidecar["device"] = report.device;
  sidecar["windows"] = report.windows;
  sidecar["stage_seconds"] = {{"prepare", report.prepare_seconds},
                              {"infer", report.infer_seconds},
                              {"filter", report.filter_seconds}};
  sidecar["warnings"] = io::warnings_json(warnings);
}

std::string text_of(const Json& sidecar) {
  return sidecar.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string sidecar_text(const Segmenter& segmenter, const std::filesystem::path& image,
                         const RunControl& control, const std::vector<Warning>& warnings) {
  const ModelBundle& model = segmenter.bundle();
  const SegmentOptions& options = segmenter.options();
  const SegmentReport& report = segmenter.report();
  Json sidecar;
  sidecar["image"] = image.filename().string();
  sidecar["labels"] = labels_json(model.labels());
  sidecar["model"] = {{"name", model.name()},
                      {"version", model.version()},
                      {"file", model.weights_file().filename().string()},
                      {"sha256", model.sha256()},
                      {"network", model.network()}};
  const TaskSpec task = task_of_run(model, options);
  sidecar["task"] = {{"name", task.name}, {"version", task.version}, {"sha256", task_sha256(task)}};
  sidecar["networks"] = Json::array(
      {{{"file", task.stages[0].networks[0].file}, {"sha256", task.stages[0].networks[0].sha256}}});
  sidecar["settings"] = {{"overlap", report.overlap},
                         {"chunk_slices", options.chunk_slices},
                         {"all_parts", options.all_parts},
                         {"precision", base::word_of(report.precision)},
                         {"window", model.window()},
                         {"target_spacing_mm", model.target_spacing()},
                         {"threads", base::resolve_threads(control.threads)},
                         {"memory_bytes", control.memory_budget}};
  tell_run(segmenter, warnings, &sidecar);
  return text_of(sidecar);
}

std::string task_sidecar_text(const Segmenter& segmenter, const std::vector<std::filesystem::path>& images,
                              const RunControl& control, const std::vector<Warning>& warnings) {
  const Task& task = segmenter.task();
  Json sidecar;
  sidecar["image"] = images.front().filename().string();
  if (images.size() > 1) {
    for (const std::filesystem::path& each : images) sidecar["channels"].push_back(each.filename().string());
  }
  sidecar["labels"] = labels_json(task.labels());
  sidecar["task"] = {{"name", task.name()}, {"version", task.version()}, {"sha256", task.sha256()}};
  sidecar["networks"] = Json::array();
  for (const TaskNetwork& network : segmenter.networks())
    sidecar["networks"].push_back({{"file", network.file}, {"sha256", network.sha256}});
  sidecar["settings"] = {{"precision", base::word_of(segmenter.report().precision)},
                         {"threads", base::resolve_threads(control.threads)},
                         {"memory_bytes", control.memory_budget}};
  tell_run(segmenter, warnings, &sidecar);
  return text_of(sidecar);
}

}  // namespace musclemap::task
