// Colours and distances that all pictures share.
#ifndef MUSCLEMAP_DRAW_STYLE_HPP_
#define MUSCLEMAP_DRAW_STYLE_HPP_

#include "draw/canvas.hpp"

namespace musclemap::draw {

constexpr Colour kBackground{15, 18, 23};
constexpr Colour kTitle{240, 243, 247};
constexpr Colour kText{222, 226, 232};
constexpr Colour kFaint{150, 158, 170};
constexpr Colour kRule{66, 74, 86};
constexpr Colour kLetters{255, 214, 92};
constexpr Colour kLines{120, 200, 255};

constexpr int kMargin = 28;  ///< around everything
constexpr int kGap = 18;     ///< between blocks

/// Volumes that reach this far along their sections get an overview.
constexpr double kOverviewFromMm = 60;

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_STYLE_HPP_
