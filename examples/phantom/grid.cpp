#include "phantom/grid.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <thread>
#include <vector>

#include "musclemap/error.hpp"
#include "phantom/random.hpp"

namespace phantom {
namespace {

using musclemap::Affine;
using musclemap::Error;
using musclemap::ErrorCode;
using musclemap::Geometry;
using musclemap::Index3;

// World axis (0 to 2) and direction that a letter names.
std::pair<int, double> direction_of(char letter) {
  switch (letter) {
    case 'R':
      return {0, 1};
    case 'L':
      return {0, -1};
    case 'A':
      return {1, 1};
    case 'P':
      return {1, -1};
    case 'S':
      return {2, 1};
    case 'I':
      return {2, -1};
    default:
      throw Error(ErrorCode::argument,
                  std::string("orientation letter '") + letter + "', allowed: R L A P S I");
  }
}

Point to_world(const Affine& m, double i, double j, double k) {
  return {m(0, 0) * i + m(0, 1) * j + m(0, 2) * k + m(0, 3),
          m(1, 0) * i + m(1, 1) * j + m(1, 2) * k + m(1, 3),
          m(2, 0) * i + m(2, 1) * j + m(2, 2) * k + m(2, 3)};
}

// Points per voxel along an axis: voxels of more than a millimetre get more.
int points_along(double spacing_mm) {
  return std::max(1, std::min(3, static_cast<int>(std::ceil(spacing_mm / 0.9))));
}

}  // namespace

Geometry make_grid(const Index3& shape, const musclemap::Spacing& spacing, const std::string& orientation,
                   double oblique_degrees, double height_mm) {
  if (orientation.size() != 3) {
    throw Error(ErrorCode::argument, "orientation '" + orientation + "', allowed: three letters such as RAS");
  }
  Geometry grid;
  grid.shape = shape;
  std::array<bool, 3> used{};
  const double angle = oblique_degrees * 0.017453292519943295;
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  grid.to_world = Affine{};
  for (int column = 0; column < 3; ++column) {
    const auto [axis, sign] = direction_of(orientation[static_cast<std::size_t>(column)]);
    if (used[static_cast<std::size_t>(axis)]) {
      throw Error(ErrorCode::argument, "orientation '" + orientation + "' names an axis twice");
    }
    used[static_cast<std::size_t>(axis)] = true;
    const double step = sign * spacing[static_cast<std::size_t>(column)];
    std::array<double, 3> v{};
    v[static_cast<std::size_t>(axis)] = step;
    const std::array<double, 3> turned{v[0], c * v[1] - s * v[2], s * v[1] + c * v[2]};
    for (int row = 0; row < 3; ++row) grid.to_world(row, column) = turned[static_cast<std::size_t>(row)];
  }
  for (int row = 0; row < 3; ++row) {
    double centre = 0;
    for (int column = 0; column < 3; ++column) {
      const double half = static_cast<double>(shape[static_cast<std::size_t>(column)] - 1) / 2;
      centre += grid.to_world(row, column) * half;
    }
    grid.to_world(row, 3) = (row == 2 ? height_mm : 0) - centre;
  }
  return grid;
}

Slab scan_slab(const Anatomy& anatomy, const Scanner& scanner, const Geometry& grid, std::uint64_t seed,
               std::int64_t k_begin, std::int64_t k_count, int threads) {
  Geometry part = grid;
  part.shape[2] = k_count;
  for (int row = 0; row < 3; ++row)
    part.to_world(row, 3) += grid.to_world(row, 2) * static_cast<double>(k_begin);
  Slab slab{musclemap::Volume::zeros(part, musclemap::DType::i16),
            musclemap::Volume::zeros(part, musclemap::DType::i16)};
  const auto image = slab.image.mutable_view<std::int16_t>();
  const auto labels = slab.labels.mutable_view<std::int16_t>();

  const musclemap::Spacing spacing = grid.spacing();
  const int ni = points_along(spacing[0]);
  const int nj = points_along(spacing[1]);
  const int nk = points_along(spacing[2]);
  const auto offset = [](int n, int count) { return (n + 0.5) / count - 0.5; };

  const auto fill_row = [&](std::int64_t j, std::int64_t k) {
    for (std::int64_t i = 0; i < grid.shape[0]; ++i) {
      const auto x = static_cast<double>(i);
      const auto y = static_cast<double>(j);
      const auto z = static_cast<double>(k_begin + k);
      const Point centre = to_world(grid.to_world, x, y, z);
      labels(i, j, k) = anatomy.at(centre).label;
      // The voxel's signal is the mean over its box.
      double sum = 0;
      for (int a = 0; a < ni; ++a) {
        for (int b = 0; b < nj; ++b) {
          for (int c = 0; c < nk; ++c) {
            const Point p = to_world(grid.to_world, x + offset(a, ni), y + offset(b, nj), z + offset(c, nk));
            sum += scanner.clean(anatomy.at(p));
          }
        }
      }
      image(i, j, k) = scanner.measure(sum / (ni * nj * nk), centre, hash(seed, i, j, k_begin + k));
    }
  };

  const std::int64_t rows = grid.shape[1] * k_count;
  std::atomic<std::int64_t> next{0};
  const auto work = [&] {
    for (std::int64_t row = next++; row < rows; row = next++)
      fill_row(row % grid.shape[1], row / grid.shape[1]);
  };
  std::vector<std::thread> pool;
  for (int t = 1; t < threads; ++t) pool.emplace_back(work);
  work();
  for (std::thread& thread : pool) thread.join();
  return slab;
}

}  // namespace phantom
