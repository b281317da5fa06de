// Options of pictures.
#ifndef MUSCLEMAP_DRAW_MONTAGE_OPTIONS_HPP_
#define MUSCLEMAP_DRAW_MONTAGE_OPTIONS_HPP_

#include "base/option.hpp"
#include "image/section_axis.hpp"
#include "musclemap/picture.hpp"

namespace musclemap::base {

template <>
struct Options<MontageOptions> {
  using O = MontageOptions;
  static constexpr auto kList = std::make_tuple(
      option("title", &O::title, "drawn at the top"),
      option("subtitle", &O::subtitle, "drawn below the title"),
      option("width_px", &O::width_px, "width of the picture in pixels", {800, 8000}),
      option("max_slices", &O::max_slices, "small pictures of sections", {0, 64}),
      option("max_groups", &O::max_groups, "muscles that a picture of tissues shows", {1, 200}),
      option("section_axis", &O::section_axis, "along which sections follow each other"),
      option("on_warning", &O::on_warning, "told where image and labels look exchanged"),
      option("geometry_tolerance", &O::geometry_tolerance,
             "most that corners of the grids may lie apart, in voxels; above 0.001 with a warning", from(0)));
};

}  // namespace musclemap::base

#endif  // MUSCLEMAP_DRAW_MONTAGE_OPTIONS_HPP_
