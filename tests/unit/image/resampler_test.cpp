#include "image/resampler.hpp"

#include <array>
#include <cmath>
#include <vector>

#include "image/orientation.hpp"
#include "image/sampling_grid.hpp"
#include "support/catch.hpp"

namespace musclemap::image {
namespace {

const Spacing kMuscleMap{1, 1, -1};

Matrix4 diagonal(double x, double y, double z) {
  Matrix4 m = identity<4>();
  m(0, 0) = x;
  m(1, 1) = y;
  m(2, 2) = z;
  return m;
}

SamplingGrid grid_of(const Index3& shape, double x, double y, double z) {
  return sampling_grid(shape, diagonal(x, y, z), kMuscleMap);
}

// Rx(.2) Ry(-.15) Rz(.1) diag(.8, .8, 3.3) with the origin (-30, 12, 7).
Matrix4 oblique(bool as_float) {
  const auto rotation = [](int axis, double angle) {
    Matrix4 m = identity<4>();
    const int a = (axis + 1) % 3;
    const int b = (axis + 2) % 3;
    m(a, a) = m(b, b) = std::cos(angle);
    m(b, a) = std::sin(angle);
    m(a, b) = -std::sin(angle);
    return m;
  };
  Matrix4 m = multiply(multiply(rotation(0, .2), rotation(1, -.15)),
                       multiply(rotation(2, .1), diagonal(.8, .8, 3.3)));
  m(0, 3) = -30;
  m(1, 3) = 12;
  m(2, 3) = 7;
  if (as_float) {
    for (double& v : m.m) v = static_cast<float>(v);
  }
  return m;
}

std::vector<float> resample(const std::vector<float>& source, const Index3& shape,
                            const Resampler& resampler) {
  const Index3& m = resampler.target_shape();
  std::vector<float> result;
  const auto slice_of = [&](std::int64_t z) { return source.data() + z * shape[0] * shape[1]; };
  SampleRow row;
  for (std::int64_t z = 0; z < m[2]; ++z) {
    const SliceRange range = resampler.source_slices(z);
    CHECK(range.begin >= 0);
    CHECK(range.end <= shape[2]);
    for (std::int64_t x = 0; x < m[0]; ++x) {
      resampler.row(x, z, &row);
      for (std::size_t y = 0; y < static_cast<std::size_t>(m[1]); ++y) {
        result.push_back(sample(resampler, row, y, slice_of));
      }
    }
  }
  return result;
}

TEST_CASE("sampling grid: shapes of docs/chains/musclemap.md, section 10.3", "[image]") {
  CHECK(grid_of({320, 250, 416}, 1.344, 1.344, 1.3).shape == Index3{430, 336, 416});
  CHECK(grid_of({320, 208, 352}, 1.5, 1.5, 1.5).shape == Index3{480, 312, 352});
  CHECK(grid_of({190, 60, 4}, 1.5, 1.25, 4).shape == Index3{284, 75, 4});
  CHECK(grid_of({4, 4, 4}, 0.5, 1.5, 2).shape == Index3{2, 6, 4});
  CHECK(grid_of({6, 6, 6}, 0.5, 0.5, 0.5).shape == Index3{4, 4, 6});
  CHECK(grid_of({512, 512, 60}, .78125, .78125, 5).shape == Index3{400, 400, 60});
  const SamplingGrid near = grid_of({10, 10, 1}, 1.0009, .9989, 3);
  CHECK(near.shape == Index3{10, 10, 1});
  CHECK_FALSE(near.identity);
  CHECK(near.to_world(0, 0) == 1.0009);
  CHECK(std::fabs(near.to_world(1, 1) - 1) < 1e-12);
}

TEST_CASE("sampling grid: rounding of the affine decides between corner and centre", "[image]") {
  const SamplingGrid corner = sampling_grid({91, 80, 5}, oblique(false), kMuscleMap);
  CHECK(corner.shape == Index3{73, 64, 5});
  CHECK(std::fabs(corner.to_world(0, 3) - -30) < 1e-8);
  CHECK(std::fabs(corner.to_world(1, 3) - 12) < 1e-8);
  CHECK(std::fabs(corner.to_world(2, 3) - 7) < 1e-8);
  const SamplingGrid centre = sampling_grid({91, 80, 5}, oblique(true), kMuscleMap);
  CHECK(std::fabs(centre.to_world(0, 3) - -30.098382522) < 1e-8);
  CHECK(std::fabs(centre.to_world(1, 3) - 11.993170142) < 1e-8);
  CHECK(std::fabs(centre.to_world(2, 3) - 6.983444035) < 1e-8);
}

TEST_CASE("sampling grid: shear is dropped, the slice distance is measured along the normal", "[image]") {
  for (const double s : {0.99, -0.99}) {
    Matrix4 sheared = diagonal(.8, .8, 3.3);
    sheared(1, 2) = s;
    sheared(0, 3) = -30;
    sheared(1, 3) = 12;
    sheared(2, 3) = 7;
    const SamplingGrid grid = sampling_grid({90, 80, 6}, sheared, kMuscleMap);
    CHECK(grid.shape == Index3{72, 69, 6});
    CHECK(std::fabs(grid.to_world(2, 2) - 3.4453011479) < 1e-9);
    CHECK(std::fabs(grid.to_world(1, 3) - (s > 0 ? 12 : 6.53)) < 1e-8);
    CHECK(std::fabs(grid.to_world(2, 3) - (s > 0 ? 7 : 6.5640965562)) < 1e-8);
  }
}

TEST_CASE("sampling grid: voxels of metres are refused before anything is made", "[image]") {
  CHECK_THROWS(grid_of({5, 4, 3}, 5000000, 5000000, 3));
}

TEST_CASE("resampler: profiles of docs/chains/musclemap.md, section 10.3", "[image]") {
  const auto profile = [](double spacing, std::vector<double> forward, std::vector<double> back) {
    const Index3 shape{4, 1, 1};
    const std::vector<float> source{0, 10, 20, 30};
    const SamplingGrid grid = sampling_grid(shape, diagonal(spacing, 1, 1), kMuscleMap);
    const std::vector<float> there = resample(source, shape, Resampler(shape, grid.shape, grid.to_source));
    REQUIRE(there.size() == forward.size());
    for (std::size_t i = 0; i < forward.size(); ++i) CHECK(std::fabs(there[i] - forward[i]) < 4e-6);
    const std::vector<float> home =
        resample(there, grid.shape, Resampler(grid.shape, shape, grid.from_source));
    for (std::size_t i = 0; i < back.size(); ++i) CHECK(std::fabs(home[i] - back[i]) < 4e-6);
  };
  profile(1.5, {0, 6.6666665, 13.333333, 20, 26.666666, 30}, {0, 10, 20, 28.333332});
  profile(0.5, {0, 20}, {0, 10, 20, 20});
}

TEST_CASE("resampler: zeros beside data come out as the reference's 1e-13", "[image]") {
  const Index3 shape{200, 120, 2};
  std::vector<float> source;
  for (std::int64_t z = 0; z < shape[2]; ++z) {
    for (std::int64_t x = 0; x < shape[0]; ++x) {
      for (std::int64_t y = 0; y < shape[1]; ++y) {
        source.push_back(x >= 20 && x < 180 && y >= 10 && y < 110 ? 100.0F : 0.0F);
      }
    }
  }
  const SamplingGrid grid = grid_of(shape, 1.6, 1.5, 6);
  REQUIRE(grid.shape == Index3{319, 180, 2});
  const std::vector<float> values = resample(source, shape, Resampler(shape, grid.shape, grid.to_source));
  std::int64_t nonzero = 0;
  std::int64_t tiny = 0;
  for (const float v : values) {
    nonzero += v != 0 ? 1 : 0;
    tiny += v != 0 && v < 1e-6F ? 1 : 0;
  }
  CHECK(nonzero == 78128);
  CHECK(tiny == 514);
}

TEST_CASE("orientation: flips and permutations of axis-aligned affines", "[image]") {
  Affine lps;
  lps(0, 0) = -2;
  lps(1, 1) = -1;
  const Orientation plain = closest_ras(lps);
  CHECK(plain.flip == std::array<bool, 3>{true, true, false});
  Affine coronal;  // i -> x, j -> z, k -> -y
  coronal(1, 1) = 0;
  coronal(2, 2) = 0;
  coronal(2, 1) = 3;
  coronal(1, 2) = -2;
  const Orientation permuted = closest_ras(coronal);
  CHECK(permuted.ras_axis == std::array<int, 3>{0, 2, 1});
  CHECK(permuted.flip == std::array<bool, 3>{false, false, true});
  Geometry geometry;
  geometry.shape = {4, 5, 6};
  geometry.to_world = coronal;
  const Matrix4 oriented = oriented_affine(permuted, geometry);
  CHECK(oriented(0, 0) == 1);
  CHECK(oriented(1, 1) == 2);
  CHECK(oriented(2, 2) == 3);
  CHECK(oriented(1, 3) == -10);
  CHECK(oriented_shape(permuted, geometry.shape) == Index3{4, 6, 5});
}

}  // namespace
}  // namespace musclemap::image
