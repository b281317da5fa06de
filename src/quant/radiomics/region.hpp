// One label and the intensities under it on a grid of 3 mm, as pyradiomics resamples them with SimpleITK.
#ifndef MUSCLEMAP_QUANT_RADIOMICS_REGION_HPP_
#define MUSCLEMAP_QUANT_RADIOMICS_REGION_HPP_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "musclemap/volume.hpp"

namespace musclemap::quant {

/// The box of a label, and what is in it.
struct Region {
  Index3 shape{0, 0, 0};
  Spacing spacing{0, 0, 0};
  DType dtype = DType::f64;          ///< of the image
  std::vector<std::uint8_t> inside;  ///< 1 where the label is; i is fastest
  std::vector<double> values;        ///< of the voxels inside, in that order

  bool has(std::int64_t i, std::int64_t j, std::int64_t k) const {
    return inside[static_cast<std::size_t>(i + shape[0] * (j + shape[1] * k))] != 0;
  }
};

/// Where a label is.
struct LabelExtent {
  Index3 begin{0, 0, 0};
  Index3 end{0, 0, 0};      ///< behind the last voxel
  std::int64_t voxels = 0;  ///< of the label
  std::int64_t size(std::size_t axis) const { return end[axis] - begin[axis]; }
};

/// Of the labels that there are, in one pass.
/// @param labels of an integer dtype
/// @param values that are looked for
std::map<std::int32_t, LabelExtent> label_extents(const Volume& labels, const std::set<std::int32_t>& values);

/// pyradiomics' resampleImage() and checkMask() with a spacing of 3 mm (docs/chains/companions.md#radiomics):
/// the label by nearest neighbour, the image by cubic B-splines whose values are truncated where the image
/// has integers. An axis along which the label is one voxel thick keeps its spacing; an image of 3 mm is
/// taken as it is. Empty where pyradiomics gives up: no voxel of the label on the new grid, or fewer than two
/// axes along which it is thicker than a voxel. Beside the region it holds at most 64 MiB and a byte a voxel.
/// @param image any dtype
/// @param labels of an integer dtype on the image's grid and along its axes
/// @param extent of the label
std::optional<Region> resampled_region(const Volume& image, const Volume& labels, std::int32_t label,
                                       const LabelExtent& extent);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_RADIOMICS_REGION_HPP_
