#include "task/totalsegmentator/missing_weights.hpp"

#include <algorithm>

#include "task/weights_search.hpp"

namespace musclemap::task {
namespace {

namespace fs = std::filesystem;

constexpr const char* kReleases = "https://github.com/wasserth/TotalSegmentator/releases/download/";
constexpr const char* kLicences = "https://backend.totalsegmentator.com/license-academic/";

std::string source_of(const WantedNetwork& wanted) {
  const KnownDataset& dataset = *wanted.network->dataset;
  if (dataset.release.empty()) {
    return "TotalSegmentator's authors, under a licence of their own that is free for non-commercial use (" +
           std::string(kLicences) + ")";
  }
  return kReleases + dataset.release + "/" + dataset.folder + ".zip (licence " + wanted.of->task->license +
         ")";
}

/// "Dataset297", which musclemap-fetch takes for the whole name.
std::string short_name(const KnownDataset& dataset) {
  return dataset.folder.substr(0, dataset.folder.find('_'));
}

void add_once(const std::string& text, std::vector<std::string>* list) {
  if (std::find(list->begin(), list->end(), text) == list->end()) list->push_back(text);
}

std::string listed(const std::vector<fs::path>& folders) {
  if (folders.empty()) return "no folder, as neither TOTALSEG_WEIGHTS_PATH nor HOME is set";
  std::string text;
  for (const fs::path& each : folders) text += (text.empty() ? "" : ", ") + each.string();
  return text;
}

}  // namespace

std::string missing_weights(const TaskChoice& choice, const std::vector<fs::path>& roots) {
  std::string folders;
  std::vector<std::string> sources;
  std::vector<std::string> names;
  for (const WantedNetwork& each : wanted_networks(choice)) {
    if (!find_weights(roots, each.folder).empty()) continue;
    add_once(short_name(*each.network->dataset), &names);
    folders += (folders.empty() ? "" : ", ") + each.folder.generic_string();
    add_once(source_of(each), &sources);
  }
  if (folders.empty()) return {};
  std::string text = "task '" + choice.task->name + "' needs networks that are not there: " + folders +
                     "; looked for in " + listed(roots) + "; they come from ";
  for (std::size_t n = 0; n < sources.size(); ++n) text += (n == 0 ? "" : ", ") + sources[n];
  text += "; musclemap fetch";
  for (const std::string& name : names) text += " " + name;
  return text;
}

}  // namespace musclemap::task
