#include "draw/slice_picture.hpp"

#include <algorithm>
#include <cstdint>

#include "draw/panel.hpp"
#include "draw/png.hpp"
#include "draw/views.hpp"
#include "image/section_axis.hpp"
#include "musclemap/error.hpp"

namespace musclemap::draw {
namespace {

constexpr int kSmallest = 16;
constexpr int kLargest = 8000;

Volume middle_slice(const Volume& volume) {
  const Geometry& grid = volume.geometry();
  const auto axis =
      static_cast<std::size_t>(image::section_axis_of(SectionAxis::superior, grid.to_world, grid.spacing()));
  Index3 start{0, 0, 0};
  Index3 shape = grid.shape;
  start[axis] = shape[axis] / 2;
  shape[axis] = 1;
  return volume.subvolume(start, shape);
}

// One zero stands for every voxel.
Volume no_labels(const Geometry& geometry) {
  static std::uint8_t zero = 0;
  return Volume::borrow(&zero, geometry, DType::u8, {0, 0, 0}, nullptr, true);
}

}  // namespace

std::string middle_slice_png(const Volume& volume, int size_px) {
  if (size_px < kSmallest || size_px > kLargest) {
    throw Error(ErrorCode::argument,
                "a picture of " + std::to_string(size_px) + " pixels; 16 to 8000 are allowed");
  }
  const Volume slice = middle_slice(volume);
  const Views views(slice, no_labels(slice.geometry()), SectionAxis::superior);
  const Plane plane = views.section(0);
  const Crop whole{0, plane.columns, 0, plane.rows};
  const double aspect = std::clamp(aspect_of(plane, whole), 1.0 / kSmallest, 1.0 * kSmallest);
  const int width = aspect >= 1 ? size_px : std::max(1, static_cast<int>(size_px * aspect));
  const int height = aspect >= 1 ? std::max(1, static_cast<int>(size_px / aspect)) : size_px;
  Canvas canvas(width, height, {0, 0, 0});
  draw_grey(canvas, {0, 0, width, height}, plane, whole, views.window());
  return encode_png(canvas);
}

}  // namespace musclemap::draw
