// Where a picture of organs has its parts.
#ifndef MUSCLEMAP_DRAW_ORGAN_LAYOUT_HPP_
#define MUSCLEMAP_DRAW_ORGAN_LAYOUT_HPP_

#include <vector>

#include "draw/canvas.hpp"
#include "draw/organ_legend.hpp"

namespace musclemap::draw {

constexpr int kCellCaption = 28;  ///< above each box
constexpr int kLegendGap = 10;    ///< between a box and its legend

/// What the picture shows: surfaces of one height, and a slice.
struct OrganParts {
  std::vector<double> widths_mm;  ///< of the surfaces
  double height_mm = 1;           ///< of each
  double slice_width_mm = 1;
  double slice_height_mm = 1;
};

struct OrganLayout {
  double px_per_mm = 0;    ///< of the surfaces
  std::vector<Box> boxes;  ///< of the surfaces, without caption and legend
  Box slice;
  int bottom = 0;  ///< y below everything
};

/// Surfaces in rows on the left, the slice on the right over all of them: at the largest scale that both
/// reach in a picture not higher than about two thirds of its width. `room` gives place and width.
OrganLayout organ_layout(const OrganParts& parts, const std::vector<OrganLegend>& legends, const Box& room);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_ORGAN_LAYOUT_HPP_
