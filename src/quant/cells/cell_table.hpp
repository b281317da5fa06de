// A table of cells: size, place, form and intensities of each (docs/chains/cells.md, "The table of cells").
#ifndef MUSCLEMAP_QUANT_CELLS_CELL_TABLE_HPP_
#define MUSCLEMAP_QUANT_CELLS_CELL_TABLE_HPP_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "musclemap/metrics.hpp"

namespace musclemap::quant {

/// Labels of frames: borrowed memory, shape (T, Y, X), X fastest; 0 is background.
struct CellLabels {
  const std::uint32_t* labels = nullptr;
  std::int64_t frames = 1;
  std::int64_t height = 0;
  std::int64_t width = 0;
  double pixel_size_x_um = 0;  ///< 0: unknown
  double pixel_size_y_um = 0;
};

/// Intensities to be measured.
struct CellChannel {
  std::string name;  ///< UTF-8; empty: its number stands for it
  /// Puts a frame's height x width values, rows from the top.
  std::function<void(std::int64_t frame, double* to)> read;
};

/// A row a cell and frame, by frame and label. Columns: frame (from 0), label, area (pixels; µm² where both
/// sizes of a pixel are known), centroid (pixels, 0 is the middle of the first), perimeter, major and minor
/// axis (pixels; µm where both sizes are equal), whether it touches the border (1 or 0), mean and median of
/// each channel. Perimeter: Benkrid and Crookes, Design and FPGA implementation of a perimeter estimator,
/// 2000, of the pixels with a side to something else. Axes: those of the ellipse with the same second
/// moments. Memory: 16 bytes a pixel of cells in a frame, 8 a pixel.
MetricsTable cell_table(const CellLabels& cells, const std::vector<CellChannel>& channels);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CELLS_CELL_TABLE_HPP_
