// Pictures as PNG files in memory.
#ifndef MUSCLEMAP_DRAW_PNG_HPP_
#define MUSCLEMAP_DRAW_PNG_HPP_

#include <string>

#include "draw/canvas.hpp"

namespace musclemap::draw {

/// The bytes of an 8-bit RGB PNG file. Error `memory`, or `internal` with libpng's own words.
std::string encode_png(const Canvas& canvas);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_PNG_HPP_
