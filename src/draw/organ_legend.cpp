#include "draw/organ_legend.hpp"

#include <algorithm>
#include <string>

#include "draw/style.hpp"
#include "draw/text_lines.hpp"

namespace musclemap::draw {
namespace {

constexpr int kLineHeight = 19;
constexpr int kLeastWidth = 150;
constexpr int kMostRows = 16;
constexpr int kSwatch = 11;

}  // namespace

int OrganLegend::columns_in(int width) const {
  return std::clamp(width / kLeastWidth, 1, std::max(1, static_cast<int>(groups_.size())));
}

int OrganLegend::rows_in(int width) const {
  const int columns = columns_in(width);
  return std::min(kMostRows, (static_cast<int>(groups_.size()) + columns - 1) / columns);
}

int OrganLegend::height_in(int width) const { return rows_in(width) * kLineHeight; }

void OrganLegend::draw(Canvas& canvas, int x, int y, int width) const {
  const int columns = columns_in(width);
  const int rows = rows_in(width);
  const int wide = width / columns;
  const int count = static_cast<int>(groups_.size());
  const int shown = count <= rows * columns ? count : rows * columns - 1;
  for (int n = 0; n < std::min(count, rows * columns); ++n) {
    const int left = x + n / rows * wide;
    const int top = y + n % rows * kLineHeight;
    if (n >= shown) {
      canvas.text(left, top, "and " + std::to_string(count - shown) + " more", Font::small, kFaint);
      continue;
    }
    const OrganGroup& group = groups_[static_cast<std::size_t>(n)];
    const auto [darkest, brightest] = std::minmax_element(
        group.labels.begin(), group.labels.end(), [](const ShownLabel& a, const ShownLabel& b) {
          return a.colour[0] + a.colour[1] + a.colour[2] < b.colour[0] + b.colour[1] + b.colour[2];
        });
    canvas.fill({left, top + 3, kSwatch, kSwatch}, brightest->colour);
    canvas.fill({left, top + 3 + kSwatch / 2, kSwatch, kSwatch - kSwatch / 2}, darkest->colour);
    canvas.text(left + kSwatch + 6, top, fit_text(group.name, Font::small, wide - kSwatch - 12), Font::small,
                kText);
  }
}

}  // namespace musclemap::draw
