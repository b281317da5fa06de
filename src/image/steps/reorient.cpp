#include "image/steps/reorient.hpp"

namespace musclemap::image {
namespace {

Geometry geometry_of(const Grid& grid) {
  Geometry geometry;
  geometry.shape = grid.shape;
  geometry.to_world.m = grid.to_world.m;
  return geometry;
}

}  // namespace

Orientation orientation(const Reorient&, const Grid& stored) {
  return closest_ras(geometry_of(stored).to_world);
}

Grid forward(const Reorient& step, const Grid& stored, const Measured&) {
  const Orientation axes = orientation(step, stored);
  return {oriented_shape(axes, stored.shape), oriented_affine(axes, geometry_of(stored))};
}

}  // namespace musclemap::image
