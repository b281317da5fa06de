// What a CellModel holds.
#ifndef MUSCLEMAP_TASK_CELLS_CELL_MODEL_STATE_HPP_
#define MUSCLEMAP_TASK_CELLS_CELL_MODEL_STATE_HPP_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "infer/network.hpp"
#include "io/weights/cellpose/size_model.hpp"
#include "musclemap/cell_segmenter.hpp"

namespace musclemap {

struct CellModel::State {
  std::string name;
  std::filesystem::path file;
  std::string sha256;
  bool builtin = false;
  double diam_mean = 30;
  double diam_labels = 30;
  std::int64_t channels = 2;  ///< that the network takes
  std::optional<io::CellSizeModel> size_model;
  infer::Network network;
};

}  // namespace musclemap

#endif  // MUSCLEMAP_TASK_CELLS_CELL_MODEL_STATE_HPP_
