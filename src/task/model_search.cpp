#include <algorithm>
#include <optional>

#include "base/own_folder.hpp"
#include "base/text.hpp"
#include "base/version_number.hpp"
#include "musclemap/error.hpp"
#include "musclemap/model_bundle.hpp"
#include "task/search_path.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;

/// Zenodo's concept record stands for all versions of a model (docs/chains/musclemap.md, section 2).
struct Published {
  const char* region;
  const char* record;
};
constexpr Published kPublished[] = {{"wholebody", "19631184"}, {"abdomen", "19631081"},
                                    {"forearm", "19633115"},   {"leg", "19633057"},
                                    {"pelvis", "19632902"},    {"thigh", "19633000"}};

constexpr std::size_t kLongestName = 64;

using base::parse_version;
using base::Version;
using task::environment;

// In the tree that this code was installed to, wherever it was moved: programs lie in <prefix>/bin, libraries
// in <prefix>/lib or <prefix>/lib/<architecture>.
fs::path installed_models() {
  const fs::path own = base::own_folder();
  if (own.empty()) return {};
  const bool of_architecture = own.parent_path().filename() == "lib";
  const fs::path prefix = (of_architecture ? own.parent_path() : own).parent_path();
  return prefix / "share" / "musclemap" / "models";
}

void check_region(const std::string& region) {
  const bool plain = !region.empty() && region.size() <= kLongestName &&
                     std::all_of(region.begin(), region.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                              c == '_' || c == '-';
                     });
  if (plain) return;
  throw Error(ErrorCode::argument, "region is '" + base::printable(region) +
                                       "'; letters, digits, '_' and '-' are allowed, as in 'wholebody'");
}

std::string list_of_regions() {
  std::string text;
  for (const Published& published : kPublished)
    text += (text.empty() ? "" : ", ") + std::string(published.region);
  return text;
}

[[noreturn]] void not_found(const std::string& region, const std::string& version,
                            const std::vector<fs::path>& roots, const std::vector<std::string>& present) {
  std::string message =
      "no model of region '" + region + "'" + (version == "latest" ? "" : " in version " + version);
  if (!present.empty()) {
    message += "; present:";
    for (const std::string& one : present) message += " " + one;
  }
  message += "; looked for " + region + "/v<version>/contrast_agnostic_" + region + "_model.pth in ";
  for (std::size_t i = 0; i < roots.size(); ++i) message += (i == 0 ? "" : ", ") + roots[i].string();
  if (roots.empty()) message += "no folder, as neither MUSCLEMAP_MODEL_PATH nor HOME is set";
  const auto* published = std::find_if(std::begin(kPublished), std::end(kPublished),
                                       [&](const Published& one) { return region == one.region; });
  if (published == std::end(kPublished)) {
    throw Error(ErrorCode::argument, message + "; published regions: " + list_of_regions());
  }
  throw Error(ErrorCode::model, message + "; it is published at https://doi.org/10.5281/zenodo." +
                                    std::string(published->record) + "; musclemap fetch " + region +
                                    (version == "latest" ? "" : "@" + version));
}

}  // namespace

const std::vector<std::string>& known_regions() {
  static const std::vector<std::string> regions = [] {
    std::vector<std::string> names;
    for (const Published& published : kPublished) names.emplace_back(published.region);
    return names;
  }();
  return regions;
}

std::vector<fs::path> model_search_path() {
  std::vector<fs::path> roots = task::listed_folders("MUSCLEMAP_MODEL_PATH");
  const std::string data = environment("XDG_DATA_HOME");
  const std::string home = environment("HOME");
  if (!data.empty()) {
    roots.push_back(fs::path(data) / "musclemap" / "models");
  } else if (!home.empty()) {
    roots.push_back(fs::path(home) / ".local" / "share" / "musclemap" / "models");
  }
  for (const fs::path& folder : {installed_models(), fs::path("/usr/local/share/musclemap/models"),
                                 fs::path("/usr/share/musclemap/models")}) {
    if (!folder.empty() && std::find(roots.begin(), roots.end(), folder) == roots.end())
      roots.push_back(folder);
  }
  return roots;
}

fs::path find_model(const std::string& region, const std::string& version) {
  check_region(region);
  std::optional<Version> wanted;
  if (version != "latest") {
    wanted = parse_version(version);
    if (!wanted) {
      throw Error(ErrorCode::argument, "model version is '" + base::printable(version) +
                                           "'; 'latest' or a number such as 1.4 is allowed");
    }
  }
  const std::vector<fs::path> roots = model_search_path();
  const std::string file_name = "contrast_agnostic_" + region + "_model.pth";
  std::optional<Version> best;
  fs::path best_file;
  std::vector<std::string> present;
  for (const fs::path& root : roots) {
    std::error_code error;
    fs::directory_iterator entries(root / region, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
      const std::string folder = entries->path().filename().string();
      if (folder.empty() || folder.front() != 'v') continue;
      const std::optional<Version> found = parse_version(folder);
      const fs::path file = entries->path() / file_name;
      std::error_code ignored;
      if (!found || !fs::is_regular_file(file, ignored)) continue;
      present.push_back(folder);
      // Of equal versions the first folder of the search path wins.
      if ((wanted && *found != *wanted) || (best && *found <= *best)) continue;
      best = found;
      best_file = file;
    }
  }
  if (!best) not_found(region, version, roots, present);
  return best_file;
}

}  // namespace musclemap
