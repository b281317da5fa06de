// What the colours and lines of a tissue picture mean.
#ifndef MUSCLEMAP_DRAW_TISSUE_LEGEND_HPP_
#define MUSCLEMAP_DRAW_TISSUE_LEGEND_HPP_

#include <string>
#include <vector>

#include "draw/canvas.hpp"
#include "draw/tissue_classes.hpp"

namespace musclemap::draw {

class TissueLegend {
 public:
  TissueLegend(const TissueOptions& options, int width);

  int height() const;
  void draw(Canvas& canvas, int x, int y) const;

 private:
  enum class Sign { none, swatch, solid, dashed };
  struct Entry {
    Sign sign;
    Colour colour;
    std::string text;
    int x = 0;
    int line = 0;
  };
  void add(Sign sign, const Colour& colour, const std::string& text);

  int width_;
  std::vector<Entry> entries_;
};

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_TISSUE_LEGEND_HPP_
