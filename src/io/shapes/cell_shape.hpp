// A cell's outline with what viewers show of it.
#ifndef MUSCLEMAP_IO_SHAPES_CELL_SHAPE_HPP_
#define MUSCLEMAP_IO_SHAPES_CELL_SHAPE_HPP_

#include <array>
#include <cstdint>

#include "image/labels/outlines.hpp"

namespace musclemap::io {

struct CellShape {
  image::Outline outline;
  std::int64_t frame = 0;                ///< of the series, from 0
  std::int64_t section = 0;              ///< of the stack, from 0
  std::array<std::uint8_t, 3> colour{};  ///< red, green, blue
};

/// Of all shapes of a file.
struct ShapePages {
  std::int64_t frames = 1;
  std::int64_t sections = 1;  ///< of each frame
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_SHAPES_CELL_SHAPE_HPP_
