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
  for (const WantedNetwork& each : wanted_networks(choice)) {
    if (!find_weights(roots, each.folder).empty()) continue;
    folders += (folders.empty() ? "" : ", ") + each.folder.generic_string();
    const std::string source = source_of(each);
    if (std::find(sources.begin(), sources.end(), source) == sources.end()) sources.push_back(source);
  }
  if (folders.empty()) return {};
  std::string text = "task '" + choice.task->name + "' needs networks that are not there: " + folders +
                     "; looked for in " + listed(roots) + "; they come from ";
  for (std::size_t n = 0; n < sources.size(); ++n) text += (n == 0 ? "" : ", ") + sources[n];
  return text;
}

}  // namespace musclemap::task
