// The structuring element of a dilation in millimetres.
#ifndef MUSCLEMAP_IMAGE_LABELS_ELLIPSOID_HPP_
#define MUSCLEMAP_IMAGE_LABELS_ELLIPSOID_HPP_

#include <array>
#include <cstdint>
#include <vector>

namespace musclemap::image {

/// Voxel sizes along the axes of a label map, in mm, as its header states them.
using Zooms = std::array<float, 3>;

/// Offsets [di_begin, di_end) along the first axis at (dj, dk).
struct ElementRow {
  std::int64_t di_begin;
  std::int64_t di_end;
  std::int64_t dj;
  std::int64_t dk;
};

/// The ellipsoid of a radius of `radius_mm` that TotalSegmentator dilates with
/// (docs/chains/totalsegmentator.md, section 9): per axis rho = radius / zoom, K = ceil(2 rho + 1) elements
/// at -rho, -rho + 1, …, each moved by its number less floor(K / 2), so that it is lopsided where rho is not
/// whole. An element is set where the sum of the squares of place / rho is at most 1. In single precision, as
/// NumPy computes with sizes of a header. A radius of 0 is the voxel itself.
std::vector<ElementRow> ellipsoid(const Zooms& zooms_mm, double radius_mm);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_ELLIPSOID_HPP_
