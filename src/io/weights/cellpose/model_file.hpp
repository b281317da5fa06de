// Cellpose's own model files: a state dict that also holds two diameters (docs/chains/cells.md#model-files).
#ifndef MUSCLEMAP_IO_WEIGHTS_CELLPOSE_MODEL_FILE_HPP_
#define MUSCLEMAP_IO_WEIGHTS_CELLPOSE_MODEL_FILE_HPP_

#include <optional>
#include <string_view>

#include "net/tensor.hpp"

namespace musclemap::io {

struct CellposeModelFile {
  net::StateDict weights;             ///< without the diameters; every batch norm has its counter
  std::optional<double> diam_mean;    ///< pixels that cells were scaled to in training
  std::optional<double> diam_labels;  ///< mean diameter of the training's cells in pixels
};

/// A file of torch.save, new or from before PyTorch 1.6. Nothing in it is run. Errors as read_state_dict();
/// `model` for a diameter that is no positive number.
CellposeModelFile read_cellpose_model(std::string_view bytes);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_CELLPOSE_MODEL_FILE_HPP_
