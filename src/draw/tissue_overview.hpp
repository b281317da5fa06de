// The plane along the sections of a tissue picture, with the heights of the slices that are shown.
#ifndef MUSCLEMAP_DRAW_TISSUE_OVERVIEW_HPP_
#define MUSCLEMAP_DRAW_TISSUE_OVERVIEW_HPP_

#include <vector>

#include "draw/canvas.hpp"
#include "draw/panel.hpp"
#include "draw/views.hpp"

namespace musclemap::draw {

class TissueOverview {
 public:
  /// `slices` of the cards 1, 2, …
  TissueOverview(const Views& views, std::vector<std::int64_t> slices);

  /// False where the volume is too flat to be seen from the front.
  static bool suits(const Views& views);
  bool visible() const noexcept { return visible_; }
  /// Width over height in millimetres.
  double aspect() const { return aspect_of(plane_, crop_); }
  /// A card as large as `box`.
  void draw(Canvas& canvas, const Box& box) const;

 private:
  void draw_slices(Canvas& canvas, const Box& image, int right) const;

  const Views& views_;
  std::vector<std::int64_t> slices_;
  bool visible_;
  Plane plane_;
  Crop crop_;
};

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_TISSUE_OVERVIEW_HPP_
