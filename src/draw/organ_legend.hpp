// Names and colours of the structures of one body system.
#ifndef MUSCLEMAP_DRAW_ORGAN_LEGEND_HPP_
#define MUSCLEMAP_DRAW_ORGAN_LEGEND_HPP_

#include <vector>

#include "draw/body_systems.hpp"
#include "draw/canvas.hpp"

namespace musclemap::draw {

/// A line per group with a swatch of each of its colours, in as many columns as the width has room for. What
/// exceeds the rows that are shown is counted in the last line.
class OrganLegend {
 public:
  explicit OrganLegend(std::vector<OrganGroup> groups) : groups_(std::move(groups)) {}

  int height_in(int width) const;
  void draw(Canvas& canvas, int x, int y, int width) const;

 private:
  int columns_in(int width) const;
  int rows_in(int width) const;

  std::vector<OrganGroup> groups_;
};

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_ORGAN_LEGEND_HPP_
