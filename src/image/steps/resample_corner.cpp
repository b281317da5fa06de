#include "image/steps/resample_corner.hpp"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "image/resample/zoomed_field.hpp"
#include "musclemap/error.hpp"

namespace musclemap::image {
namespace {

bool untouched(const ResampleCorner& step, const Grid& from) { return voxel_sizes(from) == step.spacing_mm; }

Spacing zoom_factors(const ResampleCorner& step, const Grid& from) {
  Spacing zoom = voxel_sizes(from);
  for (std::size_t axis = 0; axis < 3; ++axis) zoom[axis] /= step.spacing_mm[axis];
  return zoom;
}

Zoom zoom_of(const ResampleCorner& step, const Grid& from) {
  return {from.shape,
          forward(step, from, {}).shape,
          Alignment::corner,
          step.values,
          false,
          step.truncate ? Finish::truncate : Finish::none};
}

}  // namespace

std::int64_t nearest_index(std::int64_t n, std::int64_t n_to, std::int64_t i) {
  return nearest_tap(n, n_to, Alignment::corner, i);
}

Grid forward(const ResampleCorner& step, const Grid& from, const Measured&) {
  if (untouched(step, from)) return from;
  const Spacing zoom = zoom_factors(step, from);
  Grid to{from.shape, from.to_world};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double voxels = std::nearbyint(static_cast<double>(from.shape[axis]) * zoom[axis]);
    if (!(voxels >= 1 && voxels <= kMostAxisVoxels)) {
      throw Error(ErrorCode::geometry, Reason::limit,
                  std::string("axis ") + "xyz"[axis] + " has " + std::to_string(from.shape[axis]) +
                      " voxels of " + std::to_string(voxel_sizes(from)[axis]) + " mm; of " +
                      std::to_string(step.spacing_mm[axis]) + " mm it would have " +
                      (voxels < 1 ? "none" : "more than 32767"));
    }
    to.shape[axis] = static_cast<std::int64_t>(voxels);
    const auto column = static_cast<int>(axis);
    for (int row = 0; row < 3; ++row) to.to_world(row, column) /= zoom[axis];
  }
  return to;
}

std::unique_ptr<Field> apply(const ResampleCorner& step, Field& below, const Grid& from, const Measured&,
                             int threads) {
  if (untouched(step, from)) return nullptr;
  return std::make_unique<ZoomedField>(below, zoom_of(step, from), threads);
}

void undo_labels(const ResampleCorner& step, const Grid& from, const Measured& measured, LabelsBack* back) {
  if (untouched(step, from)) return;
  const Index3 to = forward(step, from, measured).shape;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    std::vector<std::int64_t> at(static_cast<std::size_t>(from.shape[axis]));
    for (std::int64_t i = 0; i < from.shape[axis]; ++i) {
      at[static_cast<std::size_t>(i)] =
          back->at[axis][static_cast<std::size_t>(nearest_index(to[axis], from.shape[axis], i))];
    }
    back->at[axis] = std::move(at);
  }
}

std::size_t held_bytes(const ResampleCorner& step, const Grid& from, int channels) {
  if (untouched(step, from)) return 0;
  return zoomed_field_bytes(zoom_of(step, from), channels);
}

}  // namespace musclemap::image
