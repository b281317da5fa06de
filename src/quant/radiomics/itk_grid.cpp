#include "quant/radiomics/itk_grid.hpp"

#include <algorithm>

#include "image/matrix.hpp"

namespace musclemap::quant {
namespace {

constexpr std::array<std::size_t, 3> kAxes{0, 1, 2};

image::Matrix3 inverse_of(const image::Matrix3& matrix) {
  const auto zeros = std::count(matrix.m.begin(), matrix.m.end(), 0.0);
  constexpr int kZerosAlongAxes = 6;
  image::Matrix3 inverse = image::solve(matrix, image::identity<3>());
  if (zeros != kZerosAlongAxes) return inverse;
  // Along the axes of the world the inverse is exact.
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) inverse(c, r) = matrix(r, c) == 0 ? 0 : 1 / matrix(r, c);
  }
  return inverse;
}

}  // namespace

ItkGrid::ItkGrid(const Geometry& geometry) : spacing_(geometry.spacing()), origin_{} {
  const image::Matrix3 linear = image::linear_part(image::to_matrix(geometry.to_world));
  const image::Matrix3 inverse = inverse_of(linear);
  for (const std::size_t r : kAxes) {
    const int row = static_cast<int>(r);
    origin_[r] = geometry.to_world(row, 3);
    for (const std::size_t c : kAxes) {
      to_point_[r][c] = linear(row, static_cast<int>(c));
      to_voxel_[r][c] = inverse(row, static_cast<int>(c));
    }
  }
}

ItkGrid::ItkGrid(const ItkGrid& directions, const Spacing& spacing, const Point& origin)
    : spacing_(spacing), origin_(origin) {
  for (const std::size_t r : kAxes) {
    for (const std::size_t c : kAxes) {
      to_point_[r][c] = directions.to_point_[r][c] / directions.spacing_[c] * spacing[c];
      to_voxel_[c][r] = directions.to_voxel_[c][r] * directions.spacing_[c] / spacing[c];
    }
  }
}

Point ItkGrid::point(const Index3& voxel) const {
  Point result = origin_;
  for (const std::size_t r : kAxes) {
    for (const std::size_t c : kAxes) result[r] += to_point_[r][c] * static_cast<double>(voxel[c]);
  }
  return result;
}

Point ItkGrid::point(const Point& voxel) const {
  Point result{};
  for (const std::size_t r : kAxes) {
    for (const std::size_t c : kAxes) result[r] += to_point_[r][c] * voxel[c];
    result[r] += origin_[r];
  }
  return result;
}

Point ItkGrid::voxel(const Point& point) const {
  Point result{};
  for (const std::size_t r : kAxes) {
    for (const std::size_t c : kAxes) result[r] += to_voxel_[r][c] * (point[c] - origin_[c]);
  }
  return result;
}

SampleLine::SampleLine(const ItkGrid& from, const ItkGrid& to, std::int64_t length, std::int64_t j,
                       std::int64_t k)
    : length_(static_cast<double>(length)),
      begin_(from.voxel(to.point(Index3{0, j, k}))),
      end_(from.voxel(to.point(Index3{length, j, k}))) {}

Point SampleLine::at(std::int64_t i) const {
  const double part = static_cast<double>(i) / length_;
  Point result = begin_;
  for (const std::size_t axis : kAxes) result[axis] += part * (end_[axis] - begin_[axis]);
  return result;
}

}  // namespace musclemap::quant
