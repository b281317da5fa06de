// How large cells are (docs/chains/cells.md#diameter).
#ifndef MUSCLEMAP_TASK_CELLS_CELL_DIAMETER_HPP_
#define MUSCLEMAP_TASK_CELLS_CELL_DIAMETER_HPP_

#include <cstdint>
#include <vector>

#include "io/weights/cellpose/size_model.hpp"
#include "musclemap/cells.hpp"

namespace musclemap::task {

/// What the size model makes of a style, at least 5 pixels. Error `model` for a style of another length.
double diameter_of_style(const io::CellSizeModel& model, const std::vector<float>& style);

/// Median over the cells of the diameter of a disk of their area; 0 where there is none. With Cellpose's
/// defects the first cell does not count where no pixel is background.
double median_diameter(const std::vector<std::uint32_t>& labels, CellCompat compat);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_CELL_DIAMETER_HPP_
