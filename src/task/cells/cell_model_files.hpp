// Where models of cells lie (docs/chains/cells.md#model-files).
#ifndef MUSCLEMAP_TASK_CELLS_CELL_MODEL_FILES_HPP_
#define MUSCLEMAP_TASK_CELLS_CELL_MODEL_FILES_HPP_

#include <filesystem>
#include <string>
#include <vector>

namespace musclemap::task {

struct CellModelFiles {
  std::filesystem::path weights;
  std::filesystem::path size_model;   ///< empty: there is none
  std::filesystem::path description;  ///< JSON beside a program; empty: there is none
  bool builtin = false;
  double diam_mean = 30;  ///< of Cellpose's own models
};

/// Names of Cellpose's own models, in the order of its window.
const std::vector<std::string>& cell_model_names();

/// A file, or one of the names. Errors: `io` with the file that a name stands for, `argument` for something
/// that is neither.
CellModelFiles find_cell_model(const std::string& model);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_CELL_MODEL_FILES_HPP_
