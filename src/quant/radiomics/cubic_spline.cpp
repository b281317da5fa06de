#include "quant/radiomics/cubic_spline.hpp"

#include <algorithm>
#include <cmath>

#include "image/typed_view.hpp"

namespace musclemap::quant {
namespace {

const double kPole = std::sqrt(3.0) - 2.0;
// Beside the box: two voxels that a spline needs, and as many as make the recursions forget where they began.
constexpr std::int64_t kAround = 40;

/// What the line and its mirror image give to its first coefficient.
double causal_start(const std::vector<double>& c) {
  // Terms that count, where the line has more: ceil(log(1e-10) / log(|pole|)).
  constexpr std::size_t kHorizon = 18;
  const std::size_t n = c.size();
  double power = kPole;
  if (kHorizon < n) {
    double sum = c[0];
    for (std::size_t i = 1; i < kHorizon; ++i) {
      sum += power * c[i];
      power *= kPole;
    }
    return sum;
  }
  const double inverse = 1 / kPole;
  double mirrored = std::pow(kPole, static_cast<double>(n - 1));
  double sum = c[0] + mirrored * c[n - 1];
  mirrored *= mirrored * inverse;
  for (std::size_t i = 1; i + 1 < n; ++i) {
    sum += (power + mirrored) * c[i];
    power *= kPole;
    mirrored *= inverse;
  }
  return sum / (1 - power * power);
}

/// Samples to coefficients, in place.
void filter_line(std::vector<double>* line) {
  std::vector<double>& c = *line;
  const std::size_t n = c.size();
  const double gain = (1 - kPole) * (1 - 1 / kPole);
  for (double& value : c) value *= gain;
  c[0] = causal_start(c);
  for (std::size_t i = 1; i < n; ++i) c[i] += kPole * c[i - 1];
  c[n - 1] = (kPole / (kPole * kPole - 1)) * (kPole * c[n - 2] + c[n - 1]);
  for (std::size_t i = n - 1; i-- > 0;) c[i] = kPole * (c[i + 1] - c[i]);
}

std::array<double, 4> cubic_weights(double t) {
  std::array<double, 4> w{};
  w[3] = (1.0 / 6.0) * t * t * t;
  w[0] = (1.0 / 6.0) + 0.5 * t * (t - 1.0) - w[3];
  w[2] = t + w[0] - 2.0 * w[3];
  w[1] = 1.0 - w[0] - w[2] - w[3];
  return w;
}

std::int64_t mirrored_index(std::int64_t at, std::int64_t n) {
  if (n == 1) return 0;
  if (at < 0) at = -at;
  if (at >= n) at = 2 * (n - 1) - at;
  return std::clamp<std::int64_t>(at, 0, n - 1);
}

}  // namespace

CubicSpline::CubicSpline(const Volume& image, const Index3& begin, const Index3& end) {
  const Index3& n = image.geometry().shape;
  for (std::size_t axis = 0; axis < n.size(); ++axis) {
    first_[axis] = std::max<std::int64_t>(begin[axis] - kAround, 0);
    shape_[axis] = std::min(end[axis] + kAround, n[axis]) - first_[axis];
  }
  stride_ = {1, shape_[0], shape_[0] * shape_[1]};
  coefficients_.resize(static_cast<std::size_t>(stride_[2] * shape_[2]));
  image::with_view(image.subvolume(first_, shape_), [&](const auto& values) {
    auto* to = coefficients_.data();
    for (std::int64_t k = 0; k < shape_[2]; ++k) {
      for (std::int64_t j = 0; j < shape_[1]; ++j) {
        for (std::int64_t i = 0; i < shape_[0]; ++i) *to++ = static_cast<double>(values(i, j, k));
      }
    }
  });
  for (std::size_t axis = 0; axis < shape_.size(); ++axis) filter(axis);
}

void CubicSpline::filter(std::size_t axis) {
  if (shape_[axis] == 1) return;
  const std::size_t one = (axis + 1) % 3;
  const std::size_t two = (axis + 2) % 3;
  std::vector<double> line(static_cast<std::size_t>(shape_[axis]));
  for (std::int64_t b = 0; b < shape_[two]; ++b) {
    for (std::int64_t a = 0; a < shape_[one]; ++a) {
      double* at = coefficients_.data() + a * stride_[one] + b * stride_[two];
      for (std::size_t i = 0; i < line.size(); ++i)
        line[i] = at[static_cast<std::int64_t>(i) * stride_[axis]];
      filter_line(&line);
      for (std::size_t i = 0; i < line.size(); ++i)
        at[static_cast<std::int64_t>(i) * stride_[axis]] = line[i];
    }
  }
}

double CubicSpline::at(const Point& voxel) const {
  std::array<std::array<double, 4>, 3> weights{};
  std::array<std::array<std::int64_t, 4>, 3> offsets{};
  for (std::size_t axis = 0; axis < voxel.size(); ++axis) {
    // ITK takes the floor of the position in single precision.
    const double below = std::floor(static_cast<double>(static_cast<float>(voxel[axis])));
    weights[axis] = cubic_weights(voxel[axis] - below);
    for (std::int64_t tap = 0; tap < 4; ++tap) {
      const std::int64_t index = static_cast<std::int64_t>(below) - first_[axis] - 1 + tap;
      offsets[axis][static_cast<std::size_t>(tap)] = mirrored_index(index, shape_[axis]) * stride_[axis];
    }
  }
  double sum = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    for (std::size_t j = 0; j < 4; ++j) {
      const double* row = coefficients_.data() + offsets[1][j] + offsets[2][k];
      for (std::size_t i = 0; i < 4; ++i) {
        sum += weights[0][i] * weights[1][j] * weights[2][k] * row[offsets[0][i]];
      }
    }
  }
  return sum;
}

}  // namespace musclemap::quant
