// Rule: labels stay where another label map has some, and around.
#ifndef MUSCLEMAP_IMAGE_POLISH_KEEP_WITHIN_HPP_
#define MUSCLEMAP_IMAGE_POLISH_KEEP_WITHIN_HPP_

#include "image/polish/parts.hpp"

namespace musclemap::image {

/// What lies outside of the union of `labels` of the other label map becomes 0. The union is first dilated by
/// outside_steps() steps over faces. Error `argument` where there is no other label map on that grid.
struct KeepWithin {
  static constexpr const char* kKind = "keep_within";
  static constexpr std::array<Word, 1> kWords{{{"at", "image"}}};
  template <class Self, class Visit>
  static void fields(Self& self, const Visit& visit) {
    visit("labels", self.labels);
    visit("dilate_mm", self.dilate_mm);
  }
  LabelNumbers labels;
  double dilate_mm = 0;  ///< 0: not dilated
};

/// trunc(dilate_mm / mean voxel size), in single precision. Where that is 0 and dilate_mm is not, SciPy
/// dilates until nothing changes, so that any voxel of the union makes it the whole image and nothing becomes
/// 0: the rule does the same (docs/chains/totalsegmentator.md, section 9).
std::int64_t outside_steps(const KeepWithin& rule, const Zooms& zooms_mm);

void polish(const KeepWithin& rule, Volume& labels, const PolishContext& context);
std::size_t polish_bytes(const KeepWithin& rule, const Index3& shape);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_POLISH_KEEP_WITHIN_HPP_
