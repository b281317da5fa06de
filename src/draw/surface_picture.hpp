// Surfaces seen from the front, shaded.
#ifndef MUSCLEMAP_DRAW_SURFACE_PICTURE_HPP_
#define MUSCLEMAP_DRAW_SURFACE_PICTURE_HPP_

#include <vector>

#include "draw/canvas.hpp"
#include "draw/surface_net.hpp"

namespace musclemap::draw {

/// What of the world a box of the picture shows, in mm of the mesh; the scale is the same along both.
struct FrontView {
  double right_mm = 0;  ///< at the box's left edge: the patient's right is on the left
  double head_mm = 0;   ///< at its upper edge
  double px_per_mm = 1;
};

/// Draws the mesh into the box, looking from the front, head up, without perspective: what is nearer hides
/// what is behind, lit from the upper left, darker behind edges of what is nearer. `colours` are those of the
/// classes. Memory: 80 bytes a pixel of the box.
void draw_surface(Canvas& canvas, const Box& box, const FrontView& view, const Mesh& mesh,
                  const std::vector<Colour>& colours);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_SURFACE_PICTURE_HPP_
