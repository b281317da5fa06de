// Step: the axes of the grid in another order (docs/chains/totalsegmentator.md, section 7.2). No value
// changes.
#ifndef MUSCLEMAP_IMAGE_STEPS_TRANSPOSE_HPP_
#define MUSCLEMAP_IMAGE_STEPS_TRANSPOSE_HPP_

#include <array>
#include <memory>

#include "image/steps/parts.hpp"

namespace musclemap::image {

/// nnU-Net's `transpose_forward` as plans state it: of arrays [z][y][x], whose axis k afterwards is axis
/// forward[k] before. Undone on labels. Slices of the field behind are fast where the field below holds its
/// values (HeldField), unless z stays z.
struct Transpose {
  static constexpr const char* kKind = "transpose";
  static constexpr std::array<Word, 0> kWords{};
  template <class Self, class Visit>
  static void fields(Self& self, const Visit& visit) {
    visit("forward", self.forward);
  }
  std::array<int, 3> forward{0, 1, 2};
};

/// Error `argument` where `forward` does not have 0, 1 and 2.
Grid forward(const Transpose& step, const Grid& from, const Measured& measured);
std::unique_ptr<Field> apply(const Transpose& step, Field& below, const Grid& from, const Measured& measured,
                             int threads);
void undo_labels(const Transpose& step, const Grid& from, const Measured& measured, LabelsBack* back);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_STEPS_TRANSPOSE_HPP_
