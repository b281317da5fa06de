// Step: the grid of a spacing, as TotalSegmentator makes it with SciPy's zoom(): corners stay on corners
// (docs/chains/totalsegmentator.md, section 5).
#ifndef MUSCLEMAP_IMAGE_STEPS_RESAMPLE_CORNER_HPP_
#define MUSCLEMAP_IMAGE_STEPS_RESAMPLE_CORNER_HPP_

#include <array>
#include <cstdint>
#include <memory>

#include "image/interpolation.hpp"
#include "image/steps/parts.hpp"

namespace musclemap::image {

/// n voxels of size s (single precision, voxel_sizes()) become n' = n (s / t), rounded half to even; voxel i
/// lies at i (n - 1) / (n' - 1). The affine's columns are divided by s / t, its origin stays. In double, sums
/// in SciPy's order, to the last bit. Where s equals t along all axes nothing is done: no rounding either.
/// Labels go back to the nearest voxel. Reads slices of the field below one after the other and holds two of
/// them, for a cubic spline the volume's coefficients with 12 voxels around it.
struct ResampleCorner {
  static constexpr const char* kKind = "resample";
  static constexpr std::array<Word, 1> kWords{{{"as", "corner_aligned"}}};
  template <class Self, class Visit>
  static void fields(Self& self, const Visit& visit) {
    visit("values", self.values);
    visit("spacing", self.spacing_mm);
    visit("truncate", self.truncate);
  }
  Spacing spacing_mm{};  ///< along x, y, z; all above 0
  Interpolation values = Interpolation::linear;
  bool truncate = false;  ///< values to 32-bit integers, toward zero
};

/// floor(c + 0.5) of c = i (n - 1) / (n' - 1), inside [0, n): where voxel i of n' is taken from.
std::int64_t nearest_index(std::int64_t n, std::int64_t n_to, std::int64_t i);

/// Error `geometry` reason `limit` where an axis would exceed 32767 voxels or have none.
Grid forward(const ResampleCorner& step, const Grid& from, const Measured& measured);
std::unique_ptr<Field> apply(const ResampleCorner& step, Field& below, const Grid& from,
                             const Measured& measured, int threads);
void undo_labels(const ResampleCorner& step, const Grid& from, const Measured& measured, LabelsBack* back);
std::size_t held_bytes(const ResampleCorner& step, const Grid& from, int channels);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_STEPS_RESAMPLE_CORNER_HPP_
