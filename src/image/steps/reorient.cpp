#include "image/steps/reorient.hpp"

#include <algorithm>

#include "image/reordered.hpp"

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
  if (is_identity(axes)) return stored;
  return {oriented_shape(axes, stored.shape), oriented_affine(axes, geometry_of(stored))};
}

void undo_labels(const Reorient& step, const Grid& stored, const Measured&, LabelsBack* back) {
  const Orientation axes = orientation(step, stored);
  const LabelsBack oriented = *back;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const auto to = static_cast<std::size_t>(axes.ras_axis[axis]);
    back->axis[axis] = oriented.axis[to];
    back->at[axis] = oriented.at[to];
    if (axes.flip[axis]) std::reverse(back->at[axis].begin(), back->at[axis].end());
  }
}

}  // namespace musclemap::image
