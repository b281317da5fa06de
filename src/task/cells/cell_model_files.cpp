// Names and files after model_path() and size_model_path() of cellpose/models.py, Cellpose 3.1.1.2.
#include "task/cells/cell_model_files.hpp"

#include <array>
#include <utility>

#include "base/text.hpp"
#include "base/words.hpp"
#include "musclemap/error.hpp"
#include "task/search_path.hpp"

namespace musclemap::task {
namespace {

constexpr double kCellDiameter = 30;
constexpr double kNucleusDiameter = 17;
constexpr const char* kModelsPath = "CELLPOSE_LOCAL_MODELS_PATH";
constexpr const char* kNucleiFile = "nucleitorch_0";

constexpr std::array<std::pair<const char*, const char*>, 12> kFiles{{{"cyto3", "cyto3"},
                                                                      {"cyto2", "cyto2torch_0"},
                                                                      {"cyto", "cytotorch_0"},
                                                                      {"nuclei", kNucleiFile},
                                                                      {"tissuenet_cp3", "tissuenet_cp3"},
                                                                      {"livecell_cp3", "livecell_cp3"},
                                                                      {"yeast_PhC_cp3", "yeast_PhC_cp3"},
                                                                      {"yeast_BF_cp3", "yeast_BF_cp3"},
                                                                      {"bact_phase_cp3", "bact_phase_cp3"},
                                                                      {"bact_fluor_cp3", "bact_fluor_cp3"},
                                                                      {"deepbacs_cp3", "deepbacs_cp3"},
                                                                      {"cyto2_cp3", "cyto2_cp3"}}};

std::filesystem::path models_folder() {
  const std::string named = environment(kModelsPath);
  if (!named.empty()) return named;
  return std::filesystem::path(environment("HOME")) / ".cellpose" / "models";
}

bool is_file(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

std::filesystem::path if_there(const std::filesystem::path& path) {
  return is_file(path) ? path : std::filesystem::path();
}

CellModelFiles with_neighbours(const std::filesystem::path& weights) {
  CellModelFiles files;
  files.weights = weights;
  const std::string name = weights.filename().string();
  files.size_model = if_there(weights.parent_path() / ("size_" + name + ".npy"));
  if (files.size_model.empty()) files.size_model = if_there(weights.parent_path() / (name + "_size.npy"));
  std::filesystem::path description = weights;
  files.description = if_there(description.replace_extension(".json"));
  files.builtin = name == kNucleiFile;
  files.diam_mean = files.builtin ? kNucleusDiameter : kCellDiameter;
  return files;
}

}  // namespace

const std::vector<std::string>& cell_model_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    list.reserve(kFiles.size());
    for (const auto& [name, file] : kFiles) list.emplace_back(name);
    return list;
  }();
  return names;
}

CellModelFiles find_cell_model(const std::string& model) {
  if (is_file(model)) return with_neighbours(model);
  for (const auto& [name, file] : kFiles) {
    if (model != name) continue;
    const std::filesystem::path weights = models_folder() / file;
    if (!is_file(weights)) {
      throw Error(ErrorCode::io, Reason::io,
                  "the model '" + model + "' is not there: looked for " + weights.string() + "; " +
                      kModelsPath + " names another folder; musclemap fetch " + name);
    }
    CellModelFiles files = with_neighbours(weights);
    files.builtin = true;
    return files;
  }
  throw Error(ErrorCode::argument, "the model '" + base::printable(model, 200) +
                                       "' is neither a file nor one of " + base::listed(cell_model_names()));
}

}  // namespace musclemap::task
