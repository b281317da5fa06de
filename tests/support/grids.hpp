// A box of scores and the grids that it is sampled at, of every kind that matters to sampling.
#ifndef MUSCLEMAP_TESTS_SUPPORT_GRIDS_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_GRIDS_HPP_

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "image/grid.hpp"
#include "image/resampler.hpp"
#include "image/sampling_grid.hpp"

namespace musclemap::test {

struct Grids {
  std::string name;
  image::Block box;
  std::shared_ptr<const image::Resampler> resampler;  ///< null: the grids are one
  Index3 target{};
};

inline image::Matrix4 scaled(double x, double y, double z) {
  image::Matrix4 m = image::identity<4>();
  m(0, 0) = x;
  m(1, 1) = y;
  m(2, 2) = z;
  return m;
}

inline image::Matrix4 turned(int axis, double angle) {
  image::Matrix4 m = image::identity<4>();
  const int a = (axis + 1) % 3;
  const int b = (axis + 2) % 3;
  m(a, a) = m(b, b) = std::cos(angle);
  m(b, a) = std::sin(angle);
  m(a, b) = -std::sin(angle);
  return m;
}

/// From `target` voxels to those of a grid of `shape`; boxes leave that border of it out, but for one slice.
inline Grids grids(const std::string& name, const Index3& shape, const Index3& target,
                   const image::Matrix4& matrix, std::int64_t border) {
  Grids result{name, {}, std::make_shared<image::Resampler>(shape, target, matrix), target};
  result.box.begin = {border, border, border > 0 ? 1 : 0};
  result.box.end = {shape[0] - border, shape[1] - border - 1, shape[2]};
  return result;
}

inline std::vector<Grids> every_kind_of_grids() {
  using image::multiply;
  std::vector<Grids> result;
  result.push_back({"no interpolation", {{0, 0, 0}, {11, 9, 4}}, nullptr, {11, 9, 4}});
  result.push_back({"no interpolation, box inside", {{2, 1, 1}, {9, 8, 3}}, nullptr, {11, 9, 4}});
  const Index3 native{13, 17, 4};
  const image::SamplingGrid in_plane = image::sampling_grid(native, scaled(1.3, .8, 3), {1, 1, -1});
  for (const std::int64_t border : {0, 2})
    result.push_back(grids("plane", in_plane.shape, native, in_plane.from_source, border));
  const image::SamplingGrid in_space = image::sampling_grid(native, scaled(1.3, .8, 3), {1, 1, 2});
  for (const std::int64_t border : {0, 2})
    result.push_back(grids("space", in_space.shape, native, in_space.from_source, border));
  // Halves, so that many weights are equal; voxels of the target on those of the scores, so that many are 0.
  result.push_back(grids("half voxels", {12, 10, 6}, {12, 10, 6}, scaled(.5, 1, .5), 1));
  const image::Matrix4 oblique =
      multiply(multiply(turned(0, .2), turned(1, -.4)), multiply(turned(2, .3), scaled(.8, .9, 1.2)));
  for (const std::int64_t border : {0, 2})
    result.push_back(grids("oblique", {14, 13, 7}, {12, 15, 6}, oblique, border));
  result.push_back(grids("turned in the plane", {14, 13, 5}, {12, 15, 5}, turned(2, .3), 1));
  return result;
}

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_GRIDS_HPP_
