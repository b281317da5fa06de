// Names of the structures, written into a panel or beside it with a line to the structure.
#ifndef MUSCLEMAP_DRAW_NAMES_HPP_
#define MUSCLEMAP_DRAW_NAMES_HPP_

#include <cstdint>
#include <map>
#include <string>

#include "draw/canvas.hpp"
#include "draw/panel.hpp"

namespace musclemap::draw {

/// Writes the name of every structure that shows in the panel: inside where it fits, else in the columns of
/// `gutter_px` to the left and right of the panel. Names that find no room are left out, smallest structures
/// first.
void draw_names(Canvas& canvas, const PanelLabels& panel, const std::map<std::int32_t, std::string>& names,
                int gutter_px);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_NAMES_HPP_
