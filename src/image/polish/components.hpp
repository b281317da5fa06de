// Rules: connected components by their size.
#ifndef MUSCLEMAP_IMAGE_POLISH_COMPONENTS_HPP_
#define MUSCLEMAP_IMAGE_POLISH_COMPONENTS_HPP_

#include "image/polish/parts.hpp"

namespace musclemap::image {

/// Of these labels the largest component stays, of equal ones the first (drop_components.hpp).
struct KeepLargestOf {
  static constexpr const char* kKind = "keep_largest_of";
  static constexpr std::array<Word, 0> kWords{};
  template <class Self, class Visit>
  static void fields(Self& self, const Visit& visit) {
    visit("at", self.at);
    visit("labels", self.labels);
  }
  At at = At::task;
  LabelNumbers labels;
};

/// Components of these labels become 0 that have not more than `most_mm3` / voxel voxels, in single
/// precision, or more than 1e10.
struct DropSmall {
  static constexpr const char* kKind = "drop_small";
  static constexpr std::array<Word, 0> kWords{};
  template <class Self, class Visit>
  static void fields(Self& self, const Visit& visit) {
    visit("at", self.at);
    visit("labels", self.labels);
    visit("most_mm3", self.most_mm3);
  }
  At at = At::task;
  LabelNumbers labels;  ///< empty: all
  double most_mm3 = 200;
};

void polish(const KeepLargestOf& rule, Volume& labels, const PolishContext& context);
void polish(const DropSmall& rule, Volume& labels, const PolishContext& context);
std::size_t polish_bytes(const KeepLargestOf& rule, const Index3& shape);
std::size_t polish_bytes(const DropSmall& rule, const Index3& shape);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_POLISH_COMPONENTS_HPP_
