#include "image/steps/resample_half_pixel.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/parallel.hpp"
#include "musclemap/error.hpp"

namespace musclemap::image {
namespace {

constexpr std::int64_t kEdge = 12;  // voxels that SciPy repeats around the volume before it filters
constexpr double kMostVoxels = 32767;

// Source coordinate of a target voxel, as scale * i + shift.
struct HalfPixelAxis {
  double scale;
  double shift;
};

HalfPixelAxis half_pixel_axis(std::int64_t source, std::int64_t target) {
  const double scale = static_cast<double>(source) / static_cast<double>(target);
  return {scale, 0.5 * scale - 0.5};
}

// Target voxel to source voxel.
Matrix4 half_pixel_matrix(const Index3& source, const Index3& target) {
  Matrix4 matrix = identity<4>();
  for (int axis = 0; axis < 3; ++axis) {
    const auto a = static_cast<std::size_t>(axis);
    const HalfPixelAxis line = half_pixel_axis(source[a], target[a]);
    matrix(axis, axis) = line.scale;
    matrix(axis, 3) = line.shift;
  }
  return matrix;
}

// Values to the coefficients of the cubic B-spline through them; the line repeats itself mirrored, its last
// value twice. In place, `step` apart.
void spline_coefficients(double* line, std::int64_t n, std::int64_t step) {
  const double pole = std::sqrt(3.0) - 2;
  const auto at = [&](std::int64_t i) -> double& { return line[i * step]; };
  for (std::int64_t i = 0; i < n; ++i) at(i) *= (1 - pole) * (1 - 1 / pole);
  const double pole_n = std::pow(pole, static_cast<double>(n));
  const double first = at(0);
  double sum = first + pole_n * at(n - 1);
  double power = pole;
  for (std::int64_t i = 1; i < n; ++i, power *= pole) sum += power * (at(i) + pole_n * at(n - 1 - i));
  at(0) = sum * pole / (1 - pole_n * pole_n) + first;
  for (std::int64_t i = 1; i < n; ++i) at(i) += pole * at(i - 1);
  at(n - 1) *= pole / (pole - 1);
  for (std::int64_t i = n - 2; i >= 0; --i) at(i) = pole * (at(i + 1) - at(i));
}

// The four coefficients that a target voxel reads along an axis.
struct SplineTaps {
  std::int64_t first;
  std::array<double, 4> weight;
};

std::vector<SplineTaps> spline_taps(std::int64_t source, std::int64_t target) {
  const HalfPixelAxis axis = half_pixel_axis(source, target);
  std::vector<SplineTaps> taps;
  for (std::int64_t i = 0; i < target; ++i) {
    const double at = axis.scale * static_cast<double>(i) + axis.shift + static_cast<double>(kEdge);
    const double lower = std::floor(at);
    const double y = at - lower;
    const double u = 1 - y;
    SplineTaps each{static_cast<std::int64_t>(lower) - 1, {}};
    each.weight[1] = (y * y * (y - 2) * 3 + 4) / 6;
    each.weight[2] = (u * u * (u - 2) * 3 + 4) / 6;
    each.weight[0] = u * u * u / 6;
    each.weight[3] = 1 - each.weight[0] - each.weight[1] - each.weight[2];
    taps.push_back(each);
  }
  return taps;
}

class SplineResampled : public Field {
 public:
  SplineResampled(Field& below, const Index3& source, const Index3& target, int threads)
      : below_(below), source_(source), threads_(threads) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      taps_[axis] = spline_taps(source[axis], target[axis]);
      padded_[axis] = source[axis] + 2 * kEdge;
    }
  }

  void read(const Block& block, float* out) override {
    if (coefficients_.empty()) hold();
    const Index3 n = block.shape();
    base::parallel_for(n[0], threads_, [&](std::int64_t i) {
      float* to = out + i * n[1] * n[2];
      for (std::int64_t y = block.begin[1]; y < block.end[1]; ++y) {
        for (std::int64_t z = block.begin[2]; z < block.end[2]; ++z)
          *to++ = value({block.begin[0] + i, y, z});
      }
    });
  }

 private:
  // Reads the volume, repeats its edges and filters it along x, y, z.
  void hold() {
    coefficients_.resize(static_cast<std::size_t>(padded_[0] * padded_[1] * padded_[2]));
    for (std::int64_t z = 0; z < source_[2]; ++z) {
      const std::vector<float> slice = below_.values(slice_of(whole(source_), z));
      const auto [least, most] = std::minmax_element(slice.begin(), slice.end());
      least_ = z == 0 ? *least : std::min(least_, *least);
      most_ = z == 0 ? *most : std::max(most_, *most);
      const std::int64_t first = z == 0 ? 0 : z + kEdge;
      const std::int64_t end = z + 1 == source_[2] ? padded_[2] : z + kEdge + 1;
      for (std::int64_t x = 0; x < padded_[0]; ++x) {
        const float* row = slice.data() + std::clamp<std::int64_t>(x - kEdge, 0, source_[0] - 1) * source_[1];
        for (std::int64_t y = 0; y < padded_[1]; ++y) {
          const double value = row[std::clamp<std::int64_t>(y - kEdge, 0, source_[1] - 1)];
          std::fill(at(x, y, first), at(x, y, end), value);
        }
      }
    }
    base::parallel_for(padded_[1], threads_, [&](std::int64_t y) {
      for (std::int64_t z = 0; z < padded_[2]; ++z)
        spline_coefficients(at(0, y, z), padded_[0], padded_[1] * padded_[2]);
    });
    base::parallel_for(padded_[0], threads_, [&](std::int64_t x) {
      for (std::int64_t z = 0; z < padded_[2]; ++z) spline_coefficients(at(x, 0, z), padded_[1], padded_[2]);
      for (std::int64_t y = 0; y < padded_[1]; ++y) spline_coefficients(at(x, y, 0), padded_[2], 1);
    });
  }

  double* at(std::int64_t x, std::int64_t y, std::int64_t z) {
    return coefficients_.data() + (x * padded_[1] + y) * padded_[2] + z;
  }

  float value(const Index3& target) {
    const SplineTaps& tx = taps_[0][static_cast<std::size_t>(target[0])];
    const SplineTaps& ty = taps_[1][static_cast<std::size_t>(target[1])];
    const SplineTaps& tz = taps_[2][static_cast<std::size_t>(target[2])];
    double sum = 0;
    for (std::int64_t dx = 0; dx < 4; ++dx) {
      for (std::int64_t dy = 0; dy < 4; ++dy) {
        const double* line = at(tx.first + dx, ty.first + dy, tz.first);
        for (std::size_t dz = 0; dz < 4; ++dz) {
          sum += line[dz] * tx.weight[static_cast<std::size_t>(dx)] *
                 ty.weight[static_cast<std::size_t>(dy)] * tz.weight[dz];
        }
      }
    }
    return std::clamp(static_cast<float>(sum), least_, most_);
  }

  Field& below_;
  Index3 source_;
  int threads_;
  Index3 padded_{};
  std::array<std::vector<SplineTaps>, 3> taps_;
  std::vector<double> coefficients_;  // [x][y][z] of the padded volume
  float least_ = 0;
  float most_ = 0;
};

}  // namespace

Grid forward(const ResampleHalfPixel& step, const Grid& from, const Measured&) {
  Grid to = from;
  for (int axis = 0; axis < 3; ++axis) {
    const auto a = static_cast<std::size_t>(axis);
    if (step.spacing_mm[a] <= 0) continue;
    const double spacing = std::sqrt(from.to_world(0, axis) * from.to_world(0, axis) +
                                     from.to_world(1, axis) * from.to_world(1, axis) +
                                     from.to_world(2, axis) * from.to_world(2, axis));
    const double voxels = std::nearbyint(spacing / step.spacing_mm[a] * static_cast<double>(from.shape[a]));
    if (!(voxels <= kMostVoxels))
      throw Error(ErrorCode::geometry, Reason::limit, "an axis would have more than 32767 voxels");
    to.shape[a] = std::max<std::int64_t>(1, static_cast<std::int64_t>(voxels));
  }
  to.to_world = multiply(from.to_world, half_pixel_matrix(from.shape, to.shape));
  return to;
}

std::unique_ptr<Field> apply(const ResampleHalfPixel& step, Field& below, const Grid& from,
                             const Measured& measured, int threads) {
  const Grid to = forward(step, from, measured);
  if (to.shape == from.shape) return nullptr;
  return std::make_unique<SplineResampled>(below, from.shape, to.shape, threads);
}

void undo(const ResampleHalfPixel& step, const Grid& from, const Measured& measured, WayBack* back) {
  const Index3 shape = forward(step, from, measured).shape;
  back->target = from.shape;
  if (shape == from.shape) return;
  back->resampler =
      std::make_shared<const Resampler>(shape, from.shape, half_pixel_matrix(shape, from.shape));
}

std::size_t held_bytes(const ResampleHalfPixel& step, const Grid& from) {
  if (forward(step, from, {}).shape == from.shape) return 0;
  std::size_t bytes = sizeof(double);
  for (const std::int64_t length : from.shape) bytes *= static_cast<std::size_t>(length + 2 * kEdge);
  return bytes;
}

}  // namespace musclemap::image
