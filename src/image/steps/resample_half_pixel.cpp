#include "image/steps/resample_half_pixel.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "image/held_field.hpp"
#include "image/resample/zoomed_field.hpp"
#include "image/transposed_field.hpp"
#include "musclemap/error.hpp"

namespace musclemap::image {
namespace {

constexpr double kThick = 3;  // largest spacing by smallest, above which an axis is thick

Spacing target_spacing(const ResampleHalfPixel& step, const Grid& from) {
  Spacing spacing = voxel_sizes(from);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (step.spacing_mm[axis] > 0) spacing[axis] = step.spacing_mm[axis];
  }
  return spacing;
}

bool is_thick(const Spacing& spacing) {
  const auto [least, most] = std::minmax_element(spacing.begin(), spacing.end());
  return *most / *least > kThick;
}

// The axis of the largest spacing, if it is one.
int thick_axis(const Spacing& spacing) {
  const double most = *std::max_element(spacing.begin(), spacing.end());
  const auto is_most = [&](double mm) { return most / mm == 1; };
  if (std::count_if(spacing.begin(), spacing.end(), is_most) != 1) return -1;
  return static_cast<int>(std::find_if(spacing.begin(), spacing.end(), is_most) - spacing.begin());
}

// -1: none.
int separate_axis(const ResampleHalfPixel& step, const Spacing& current, const Spacing& next) {
  switch (step.separate) {
    case SeparateAxis::by_spacing:
      break;
    case SeparateAxis::never:
      return -1;
    case SeparateAxis::always:
      return thick_axis(current);
  }
  if (is_thick(current)) return thick_axis(current);
  return is_thick(next) ? thick_axis(next) : -1;
}

// Source coordinate of a target voxel, as scale * i + shift.
Matrix4 half_pixel_matrix(const Index3& source, const Index3& target) {
  Matrix4 matrix = identity<4>();
  for (int axis = 0; axis < 3; ++axis) {
    const auto a = static_cast<std::size_t>(axis);
    matrix(axis, axis) = static_cast<double>(source[a]) / static_cast<double>(target[a]);
    matrix(axis, 3) = 0.5 * matrix(axis, axis) - 0.5;
  }
  return matrix;
}

// That axis and z change places.
Axes to_z(int axis) {
  Axes axes{0, 1, 2};
  std::swap(axes[static_cast<std::size_t>(axis)], axes[2]);
  return axes;
}

struct Way {
  Zoom zoom;
  std::optional<Axes> axes;  // in which the zoom sees the grids; empty: as they are
};

Way way_there(const ResampleHalfPixel& step, const Grid& from) {
  Way way;
  way.zoom = {from.shape,  forward(step, from, {}).shape, Alignment::half_pixel, step.values, false,
              Finish::clip};
  const int axis = separate_axis_there(step, from);
  way.zoom.separate_z = axis >= 0;
  if (axis < 0 || axis == 2) return way;
  way.axes = to_z(axis);
  way.zoom.source = turned(*way.axes, way.zoom.source);
  way.zoom.target = turned(*way.axes, way.zoom.target);
  return way;
}

// Planes across x or y: both volumes are held.
class AcrossAnotherAxis : public Field {
 public:
  AcrossAnotherAxis(Field& below, const Index3& source, const Way& way, int threads)
      : below_(below), source_(source), way_(way), threads_(threads), channels_(below.channels()) {}

  int channels() const override { return channels_; }
  void read(const Block& block, float* out) override {
    if (!held_) {
      HeldField values(below_, source_, false);
      TransposedField turned_values(values, *way_.axes);
      ZoomedField zoomed(turned_values, way_.zoom, threads_);
      held_.emplace(zoomed, way_.zoom.target, false);
    }
    TransposedField(*held_, *way_.axes).read(block, out);
  }

 private:
  Field& below_;
  Index3 source_;
  Way way_;
  int threads_;
  int channels_;
  std::optional<HeldField> held_;
};

}  // namespace

int separate_axis_there(const ResampleHalfPixel& step, const Grid& from) {
  return separate_axis(step, voxel_sizes(from), target_spacing(step, from));
}

Grid forward(const ResampleHalfPixel& step, const Grid& from, const Measured&) {
  Grid to{from.shape};
  const Spacing current = voxel_sizes(from);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (step.spacing_mm[axis] <= 0) continue;
    const double voxels =
        std::nearbyint(current[axis] / step.spacing_mm[axis] * static_cast<double>(from.shape[axis]));
    if (!(voxels <= kMostAxisVoxels))
      throw Error(ErrorCode::geometry, Reason::limit, "an axis would have more than 32767 voxels");
    to.shape[axis] = std::max<std::int64_t>(1, static_cast<std::int64_t>(voxels));
  }
  to.to_world = multiply(from.to_world, half_pixel_matrix(from.shape, to.shape));
  return to;
}

std::unique_ptr<Field> apply(const ResampleHalfPixel& step, Field& below, const Grid& from, const Measured&,
                             int threads) {
  const Way way = way_there(step, from);
  if (way.zoom.target == way.zoom.source) return nullptr;
  if (way.axes) return std::make_unique<AcrossAnotherAxis>(below, from.shape, way, threads);
  return std::make_unique<ZoomedField>(below, way.zoom, threads);
}

void undo(const ResampleHalfPixel& step, const Grid& from, const Measured& measured, WayBack* back) {
  const Index3 shape = forward(step, from, measured).shape;
  back->target = from.shape;
  if (shape == from.shape) return;
  HalfPixelBack way{shape, from.shape, -1, static_cast<int>(step.scores), 0};
  way.separate_axis = separate_axis(step, target_spacing(step, from), voxel_sizes(from));
  back->half_pixel = way;
  const auto axis = static_cast<std::size_t>(std::max(way.separate_axis, 0));
  const bool picks = way.separate_axis >= 0 && shape[axis] != from.shape[axis];
  if (picks || step.scores != Interpolation::linear) return;
  back->resampler =
      std::make_shared<const Resampler>(shape, from.shape, half_pixel_matrix(shape, from.shape));
}

std::size_t held_bytes(const ResampleHalfPixel& step, const Grid& from, int channels) {
  const Way way = way_there(step, from);
  if (way.zoom.target == way.zoom.source) return 0;
  const std::size_t zoom = zoomed_field_bytes(way.zoom, channels);
  if (!way.axes) return zoom;
  return zoom + held_field_bytes(way.zoom.source, channels) + held_field_bytes(way.zoom.target, channels);
}

}  // namespace musclemap::image
