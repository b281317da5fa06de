// Rules: vertebrae that are told apart, labels that grow.
#ifndef MUSCLEMAP_IMAGE_POLISH_GROW_HPP_
#define MUSCLEMAP_IMAGE_POLISH_GROW_HPP_

#include "image/polish/parts.hpp"

namespace musclemap::image {

/// Where two labels touch, components become vertebrae (separate_vertebrae.hpp).
struct SeparateVertebrae {
  static constexpr const char* kKind = "separate_vertebrae";
  static constexpr std::array<Word, 1> kWords{{{"at", "task"}}};
  template <class Self, class Visit>
  static void fields(Self& self, const Visit& visit) {
    visit("c1", self.c1);
    visit("l5", self.l5);
    visit("least_mm3", self.least_mm3);
  }
  std::int64_t c1 = 1;   ///< label of the uppermost
  std::int64_t l5 = 24;  ///< of the lowest
  double least_mm3 = 100;
};

/// Labels grow by an ellipsoid into the background (dilate_labels.hpp).
struct DilateLabels {
  static constexpr const char* kKind = "dilate";
  static constexpr std::array<Word, 0> kWords{};
  template <class Self, class Visit>
  static void fields(Self& self, const Visit& visit) {
    visit("at", self.at);
    visit("radius_mm", self.radius_mm);
  }
  At at = At::task;
  double radius_mm = 3;
};

void polish(const SeparateVertebrae& rule, Volume& labels, const PolishContext& context);
void polish(const DilateLabels& rule, Volume& labels, const PolishContext& context);
std::size_t polish_bytes(const SeparateVertebrae& rule, const Index3& shape);
std::size_t polish_bytes(const DilateLabels& rule, const Index3& shape);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_POLISH_GROW_HPP_
