#include "image/resampler.hpp"

#include <algorithm>
#include <cmath>

namespace musclemap::image {
namespace {

// Slack for rounding when the slices that a target slice reads are computed from its corners.
constexpr double kSlack = 1e-6;

// Voxel index to coordinates in [-1, 1] with half a voxel of border.
Matrix4 normaliser(const Index3& shape) {
  Matrix4 result = identity<4>();
  for (int j = 0; j < 3; ++j) {
    const auto size = static_cast<double>(shape[static_cast<std::size_t>(j)]);
    result(j, j) = 2.0 / size;
    result(j, 3) = 1.0 / size - 1.0;
  }
  return result;
}

// linspace(-1, 1, m) * (m - 1) / m as PyTorch's vector kernels compute it.
std::vector<double> base_grid(std::int64_t size) {
  std::vector<double> result(static_cast<std::size_t>(size), 0.0);
  if (size == 1) return result;
  const auto m = static_cast<double>(size);
  const double step = 2.0 / (m - 1);
  for (std::int64_t i = 0; i < size; ++i) {
    const double g = i < size / 2 ? std::fma(step, static_cast<double>(i), -1.0)
                                  : std::fma(-step, static_cast<double>(size - 1 - i), 1.0);
    result[static_cast<std::size_t>(i)] = (g * (m - 1)) / m;
  }
  return result;
}

}  // namespace

Resampler::Resampler(const Index3& source, const Index3& target, const Matrix4& target_to_source)
    : source_(source), target_(target) {
  const Matrix4 theta =
      multiply(multiply(normaliser(source), target_to_source), solve(normaliser(target), identity<4>()));
  for (int axis = 0; axis < 3; ++axis) {
    const auto a = static_cast<std::size_t>(axis);
    theta_[a] = {theta(axis, 2), theta(axis, 1), theta(axis, 0), theta(axis, 3)};
    base_grid_[a] = base_grid(target[a]);
  }
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (theta_[axis][0] != 0 || theta_[axis][2] != 0) continue;
    for (std::int64_t j = 0; j < target_[1]; ++j) {
      row_cache_[axis].push_back(bracket(axis, normalised(axis, 0, j, 0)));
    }
  }
}

double Resampler::normalised(std::size_t axis, std::int64_t i, std::int64_t j, std::int64_t k) const {
  const std::array<double, 4>& t = theta_[axis];
  double r = base_grid_[2][static_cast<std::size_t>(k)] * t[0];
  r = std::fma(base_grid_[1][static_cast<std::size_t>(j)], t[1], r);
  r = std::fma(base_grid_[0][static_cast<std::size_t>(i)], t[2], r);
  return r + t[3];
}

double Resampler::position(std::size_t axis, double normalised_value) const {
  const auto n = static_cast<double>(source_[axis]);
  return std::clamp(((normalised_value + 1) * n - 1) / 2, 0.0, n - 1);
}

Bracket Resampler::bracket(std::size_t axis, double normalised_value) const {
  const double at = position(axis, normalised_value);
  const double lower = std::floor(at);
  return {static_cast<std::int64_t>(lower), {(lower + 1) - at, at - lower}};
}

SliceRange Resampler::source_slices(std::int64_t k) const {
  auto low = static_cast<double>(source_[2] - 1);
  double high = 0;
  for (const std::int64_t i : {std::int64_t{0}, target_[0] - 1}) {
    for (const std::int64_t j : {std::int64_t{0}, target_[1] - 1}) {
      const double at = position(2, normalised(2, i, j, k));
      low = std::min(low, at);
      high = std::max(high, at);
    }
  }
  const auto begin = static_cast<std::int64_t>(std::floor(std::max(low - kSlack, 0.0)));
  const auto last = static_cast<std::int64_t>(std::floor(high + kSlack)) + 1;
  return {begin, std::min(last + 1, source_[2])};
}

void Resampler::row(std::int64_t i, std::int64_t k, SampleRow* out) const {
  const auto count = static_cast<std::size_t>(target_[1]);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    std::vector<Bracket>& brackets = out->axis[axis];
    if (!row_cache_[axis].empty()) {
      brackets = row_cache_[axis];
    } else if (theta_[axis][1] == 0) {
      brackets.assign(count, bracket(axis, normalised(axis, i, 0, k)));
    } else {
      brackets.resize(count);
      for (std::size_t j = 0; j < count; ++j) {
        brackets[j] = bracket(axis, normalised(axis, i, static_cast<std::int64_t>(j), k));
      }
    }
  }
}

}  // namespace musclemap::image
