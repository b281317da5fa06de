// Cellpose's size models: from a style to a diameter (docs/chains/cells.md#diameter).
#ifndef MUSCLEMAP_IO_WEIGHTS_CELLPOSE_SIZE_MODEL_HPP_
#define MUSCLEMAP_IO_WEIGHTS_CELLPOSE_SIZE_MODEL_HPP_

#include <string>
#include <string_view>
#include <vector>

namespace musclemap::io {

/// ln(diameter) = a · (style - mean_style) + ln(diam_mean) + mean_log.
struct CellSizeModel {
  std::vector<double> a;           ///< `A`, one a number of the style
  std::vector<double> mean_style;  ///< `smean`
  double diam_mean = 30;
  double mean_log = 0;  ///< `ymean`
};

/// A `.npy` file of one dictionary, which is read as data: nothing in it is run. Errors: `format` (damaged, a
/// field that is missing or of another shape), `unsupported` (something that is no part of such a file).
CellSizeModel read_size_model(std::string_view bytes);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_CELLPOSE_SIZE_MODEL_HPP_
