// One plane of the image with its labels, drawn into a box of a picture.
#ifndef MUSCLEMAP_DRAW_PANEL_HPP_
#define MUSCLEMAP_DRAW_PANEL_HPP_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "draw/canvas.hpp"
#include "draw/views.hpp"
#include "musclemap/labels.hpp"

namespace musclemap::draw {

/// Part of a plane: columns and rows [begin, end).
struct Crop {
  int column_begin = 0;
  int column_end = 0;
  int row_begin = 0;
  int row_end = 0;
};

/// The box around everything brighter than the background and every label, with a margin; the same for all
/// planes.
Crop common_crop(const std::vector<Plane>& planes, const Window& window, double margin_mm);

/// Width over height of the cropped plane in millimetres.
double aspect_of(const Plane& plane, const Crop& crop);

/// A box of the given aspect inside of `room`, in the middle of its width and at its top.
Box fit(const Box& room, double aspect);

double mm_per_px(const Plane& plane, const Crop& crop, const Box& box);

/// How a panel is drawn.
struct PanelStyle {
  double cover = 0.34;  ///< of the labels over the image
  int outline_px = 1;
  Colour letters{255, 214, 92};
  std::function<Colour(std::int32_t)> colour = label_colour;  ///< of a label
};

/// The label of every pixel of a panel, rows from the top.
struct PanelLabels {
  Box box;
  std::vector<std::int32_t> values;
  std::vector<std::uint8_t> tissue;      ///< empty without a tissue map
  std::int32_t at(int x, int y) const {  ///< of the picture's pixel; 0 outside of the box
    if (x < box.x || y < box.y || x >= box.x + box.width || y >= box.y + box.height) return 0;
    return values[static_cast<std::size_t>(y - box.y) * static_cast<std::size_t>(box.width) +
                  static_cast<std::size_t>(x - box.x)];
  }
};

/// The grey image alone. Grey values between voxels are linear, labels those of the nearest voxel.
PanelLabels draw_grey(Canvas& canvas, const Box& box, const Plane& plane, const Crop& crop,
                      const Window& window);

/// True where a pixel within `reach` has another label.
bool is_border(const PanelLabels& labels, int x, int y, int reach);

/// The image with every label in its colour.
PanelLabels draw_panel(Canvas& canvas, const Box& box, const Plane& plane, const Crop& crop,
                       const Window& window, const PanelStyle& style);

/// Letters of four directions: left and right in the upper corners, top and bottom in the middle of their
/// edges.
void draw_letters(Canvas& canvas, const Box& box, const std::string& letters, Font font,
                  const Colour& colour);

/// A bar of 10, 20, 50, 100 or 200 mm in the lower right corner.
void draw_scale_bar(Canvas& canvas, const Box& box, double mm_per_px);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_PANEL_HPP_
