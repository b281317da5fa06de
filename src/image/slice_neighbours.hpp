// The neighbours of every pixel of a target slice as arrays, for devices that find classes themselves.
#ifndef MUSCLEMAP_IMAGE_SLICE_NEIGHBOURS_HPP_
#define MUSCLEMAP_IMAGE_SLICE_NEIGHBOURS_HPP_

#include <array>
#include <cstdint>
#include <vector>

#include "image/grid.hpp"
#include "image/resampler.hpp"
#include "musclemap/geometry.hpp"

namespace musclemap::image {

/// Neighbours along one axis of the scores, [i][j][neighbour]. An extent of 1 stands for every i or j.
struct AxisNeighbours {
  std::int64_t ni = 1;
  std::int64_t nj = 1;
  std::int64_t count = 1;            ///< of each pixel
  std::vector<std::int64_t> places;  ///< counted from the first one where there are scores
  std::vector<double> weights;       ///< 0 where there are none; the place is then any that has some
};

/// Along the three axes of the scores. What decode::BestClasses sums: the weight of a corner is (z * y) * x.
using SliceNeighbours = std::array<AxisNeighbours, 3>;

/// Of target slice k. `held` are the slices of the box whose scores are at hand, at least one; Error
/// `internal` if the slice needs another one. `resampler` null: the grids are one.
SliceNeighbours slice_neighbours(const Block& box, const SliceRange& held, const Resampler* resampler,
                                 const Index3& target, std::int64_t k);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_SLICE_NEIGHBOURS_HPP_
