#include "task/weights_search.hpp"

#include <string>
#include <utility>

#include "task/search_path.hpp"

namespace musclemap::task {

namespace fs = std::filesystem;

std::vector<fs::path> weights_search_path() {
  std::vector<fs::path> roots;
  const std::string stated = environment("TOTALSEG_WEIGHTS_PATH");
  std::string home = environment("TOTALSEG_HOME_DIR");
  if (home.empty() && !environment("HOME").empty())
    home = (fs::path(environment("HOME")) / ".totalsegmentator").string();
  if (!stated.empty()) {
    roots.emplace_back(stated);
  } else if (!home.empty()) {
    roots.push_back(fs::path(home) / "nnunet" / "results");
  }
  for (fs::path& folder : listed_folders("MUSCLEMAP_MODEL_PATH")) roots.push_back(std::move(folder));
  return roots;
}

fs::path find_weights(const std::vector<fs::path>& roots, const fs::path& wanted) {
  for (const fs::path& root : roots) {
    std::error_code ignored;
    if (fs::exists(root / wanted, ignored)) return root / wanted;
  }
  return {};
}

}  // namespace musclemap::task
