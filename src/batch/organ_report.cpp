#include "batch/organ_report.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "musclemap/version.hpp"
#include "quant/organs/class_name.hpp"
#include "task/totalsegmentator/known_tasks.hpp"

namespace musclemap::batch {
namespace {

using Json = nlohmann::ordered_json;

double in_hundredths(double seconds) { return std::nearbyint(seconds * 100) / 100; }

}  // namespace

std::string report_text(const Segmenter& segmenter, const OrganJob& job, const TaskOptions& options,
                        double seconds, const std::vector<std::filesystem::path>& files) {
  const Task& task = segmenter.task();
  Json report;
  report["library"] = {{"name", "musclemap"}, {"version", kVersion}};
  report["totalsegmentator_version"] = task::known_version();
  report["engine"] = segmenter.report().engine;
  report["device"] = segmenter.report().device;
  report["task"] = task.name();
  if (const task::KnownTask* known = task::known_task(task.name())) {
    report["modality"] = known->modality;
    report["license_required"] = known->licensed();
  }
  report["fast"] = options.fast;
  report["fastest"] = options.fastest;
  report["save_lowres"] = options.save_lowres;
  report["multilabel"] = !job.label_map.empty();
  report["output_type"] = "nifti";
  const std::vector<std::string>& subset =
      options.roi_subset_robust.empty() ? options.roi_subset : options.roi_subset_robust;
  report["roi_subset"] = subset.empty() ? Json() : Json(subset);
  report["input"] = job.image.string();
  const std::filesystem::path& output = job.label_map.empty() ? job.class_folder : job.label_map;
  report["output"] = output.empty() ? Json() : Json(output.string());
  report["num_classes"] = task.labels().size();
  report["classes"] = Json::object();
  for (const Label& label : task.labels())
    report["classes"][std::to_string(label.value)] = quant::class_name(label);
  report["runtime_seconds"] = in_hundredths(seconds);
  report["output_files"] = Json::array();
  for (const std::filesystem::path& file : files) report["output_files"].push_back(file.string());
  return report.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace musclemap::batch
