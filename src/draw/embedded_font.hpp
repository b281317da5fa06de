// The font that the build makes a source of.
#ifndef MUSCLEMAP_DRAW_EMBEDDED_FONT_HPP_
#define MUSCLEMAP_DRAW_EMBEDDED_FONT_HPP_

namespace musclemap::draw {

/// The bytes of src/draw/font/DejaVuSans.ttf; they live for ever.
const char* embedded_font() noexcept;

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_EMBEDDED_FONT_HPP_
