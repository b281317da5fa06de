#include "image/section_axis.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "musclemap/error.hpp"

namespace musclemap {
namespace image {
namespace {

int superior_axis(const Affine& to_world) {
  constexpr double kEqual = 1e-6;
  int nearest = 0;
  double best = 0;
  for (int a = 0; a < 3; ++a) {
    const double length = std::hypot(to_world(0, a), to_world(1, a), to_world(2, a));
    const double rise = length > 0 ? std::fabs(to_world(2, a)) / length : 0;
    if (rise < best - kEqual) continue;
    nearest = a;
    best = rise;
  }
  return nearest;
}

}  // namespace

int slice_axis_of(const Spacing& spacing_mm) {
  constexpr double kEqual = 1.01;  // docs/chains/metrics.md, section 4
  const auto [least, most] = std::minmax_element(spacing_mm.begin(), spacing_mm.end());
  if (*most / *least < kEqual) return 2;
  return static_cast<int>(std::max_element(spacing_mm.begin(), spacing_mm.end()) - spacing_mm.begin());
}

int section_axis_of(SectionAxis section, const Affine& to_world, const Spacing& spacing_mm) {
  switch (section) {
    case SectionAxis::superior:
      return superior_axis(to_world);
    case SectionAxis::stored:
      return slice_axis_of(spacing_mm);
    case SectionAxis::i:
      return 0;
    case SectionAxis::j:
      return 1;
    case SectionAxis::k:
      return 2;
  }
  throw Error(ErrorCode::argument,
              "a section axis of " + std::to_string(static_cast<int>(section)) + "; 1 to 5 are allowed");
}

SectionAxis named_axis(int axis) {
  return axis == 0 ? SectionAxis::i : axis == 1 ? SectionAxis::j : SectionAxis::k;
}

double sine_across(int axis, const Affine& to_world) {
  const int a = axis == 0 ? 1 : 0;
  const int b = axis == 2 ? 1 : 2;
  double aa = 0;
  double bb = 0;
  double ab = 0;
  for (int r = 0; r < 3; ++r) {
    aa += to_world(r, a) * to_world(r, a);
    bb += to_world(r, b) * to_world(r, b);
    ab += to_world(r, a) * to_world(r, b);
  }
  return std::sqrt(std::max(0.0, 1 - ab * ab / (aa * bb)));
}

}  // namespace image

SectionAxis section_axis(const std::string& name) {
  return base::from_word<SectionAxis>(name, "section_axis");
}

const char* section_axis_name(SectionAxis section) noexcept { return base::word_of(section); }

}  // namespace musclemap
