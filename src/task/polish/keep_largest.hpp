// Rule: every label keeps its largest connected component (docs/chains/musclemap.md, section 4.10).
#ifndef MUSCLEMAP_TASK_POLISH_KEEP_LARGEST_HPP_
#define MUSCLEMAP_TASK_POLISH_KEEP_LARGEST_HPP_

#include <array>

#include "image/polish/parts.hpp"

namespace musclemap::task {

/// All but the largest 6-connected component of every label becomes 0.
struct KeepLargest {
  static constexpr const char* kKind = "keep_largest";
  static constexpr std::array<image::Word, 1> kWords{{{"at", "image"}}};
  template <class Self, class Visit>
  static void fields(Self& /*self*/, const Visit& /*visit*/) {}
};

void polish(const KeepLargest& rule, Volume& labels, const image::PolishContext& context);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_POLISH_KEEP_LARGEST_HPP_
