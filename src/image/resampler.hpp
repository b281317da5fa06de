// Trilinear sampling of one grid at the voxels of another, in the reference's order of operations.
#ifndef MUSCLEMAP_IMAGE_RESAMPLER_HPP_
#define MUSCLEMAP_IMAGE_RESAMPLER_HPP_

#include <array>
#include <cstdint>
#include <vector>

#include "image/matrix.hpp"
#include "musclemap/geometry.hpp"

namespace musclemap::image {

/// Slices [begin, end).
struct SliceRange {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

/// Where one coordinate of a target voxel falls between two source voxels.
struct Bracket {
  std::int64_t lower = 0;                  ///< the upper neighbour is lower + 1; it may lie outside
  std::array<double, 2> weight{1.0, 0.0};  ///< of the lower and the upper neighbour
};

/// Source neighbours of a row of target voxels (i, 0..nj-1, k): one bracket per voxel and source axis.
struct SampleRow {
  std::array<std::vector<Bracket>, 3> axis;
};

/// Positions are target index -> source index, evaluated through normalised coordinates as PyTorch's
/// affine_grid and grid_sample do with align_corners=false and border padding (docs/chains/musclemap.md,
/// section 4.3.1). Immutable.
class Resampler {
 public:
  Resampler(const Index3& source, const Index3& target, const Matrix4& target_to_source);

  const Index3& source_shape() const { return source_; }
  const Index3& target_shape() const { return target_; }

  /// Source slices (third axis) that the target slice k reads.
  SliceRange source_slices(std::int64_t k) const;

  /// Whether a target voxel's index on `target_axis` tells where it falls on `source_axis`.
  bool depends(std::size_t source_axis, std::size_t target_axis) const {
    return theta_[source_axis][2 - target_axis] != 0;
  }

  /// Fills the brackets of the row (i, ·, k). Thread-safe.
  void row(std::int64_t i, std::int64_t k, SampleRow* out) const;

 private:
  Bracket bracket(std::size_t axis, double normalised) const;
  double normalised(std::size_t axis, std::int64_t i, std::int64_t j, std::int64_t k) const;
  double position(std::size_t axis, double normalised) const;

  Index3 source_;
  Index3 target_;
  std::array<std::array<double, 4>, 3> theta_{};   // per source axis: factors of base grid k, j, i; offset
  std::array<std::vector<double>, 3> base_grid_;   // per target axis
  std::array<std::vector<Bracket>, 3> row_cache_;  // of source axes that depend on j alone
};

/// Value at one voxel of a row: sum over the eight neighbours with the third axis fastest, lower before
/// upper, in double. `slice(z)` gives source slice z as [x][y] with y fastest.
template <class SliceOf>
float sample(const Resampler& resampler, const SampleRow& row, std::size_t j, const SliceOf& slice) {
  const Index3& n = resampler.source_shape();
  const Bracket& x = row.axis[0][j];
  const Bracket& y = row.axis[1][j];
  const Bracket& z = row.axis[2][j];
  double sum = 0;
  for (std::int64_t dx = 0; dx < 2; ++dx) {
    if (x.lower + dx >= n[0]) continue;
    for (std::int64_t dy = 0; dy < 2; ++dy) {
      if (y.lower + dy >= n[1]) continue;
      for (std::int64_t dz = 0; dz < 2; ++dz) {
        if (z.lower + dz >= n[2]) continue;
        const double weight =
            (z.weight[static_cast<std::size_t>(dz)] * y.weight[static_cast<std::size_t>(dy)]) *
            x.weight[static_cast<std::size_t>(dx)];
        // A zero weight adds exactly nothing to a finite value, so its slice need not be at hand.
        if (weight == 0) continue;
        const float* source = slice(z.lower + dz);
        sum += static_cast<double>(source[(x.lower + dx) * n[1] + y.lower + dy]) * weight;
      }
    }
  }
  return static_cast<float>(sum);
}

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_RESAMPLER_HPP_
