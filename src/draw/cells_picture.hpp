// A picture of cells with their outlines.
#ifndef MUSCLEMAP_DRAW_CELLS_PICTURE_HPP_
#define MUSCLEMAP_DRAW_CELLS_PICTURE_HPP_

#include <cstdint>
#include <string>

#include "draw/canvas.hpp"

namespace musclemap::draw {

/// One frame: borrowed memory, shape (y, x), row-major.
struct CellsFrame {
  const float* image = nullptr;  ///< intensities; not finite: black
  const std::uint32_t* labels = nullptr;
  std::int64_t height = 0;
  std::int64_t width = 0;
  double pixel_size_um = 0;  ///< along x; 0: unknown, and no scale bar
};

/// The image in grey between its 0.5th and 99.5th percentile, every cell in the colour of its number
/// (label_colour()), which is the same in all frames: a rim inside of the cell, the rest tinted. Pictures
/// below some 1000 pixels are drawn larger by a whole factor, those above 4096 smaller by one. A scale bar of
/// 1, 2 or 5 times a power of ten µm in the lower right corner. Error `argument` for a shape below 1.
Canvas cells_picture(const CellsFrame& frame);

/// The bytes of that as a PNG file.
std::string cells_png(const CellsFrame& frame);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_CELLS_PICTURE_HPP_
