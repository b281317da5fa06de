#include "draw/legend.hpp"

#include <algorithm>

#include "draw/number.hpp"
#include "draw/style.hpp"
#include "draw/text_lines.hpp"

namespace musclemap::draw {
namespace {

constexpr int kRowHeight = 21;
constexpr int kColumnWidth = 420;
constexpr int kNumberWidth = 84;
constexpr int kColumnGap = 22;

std::int32_t& slot(LegendRow& row, const std::string& side) {
  if (side == "right") return row.right;
  if (side == "left") return row.left;
  return row.single;
}

// Swatch and number, the number ending at `right_edge`.
void draw_entry(Canvas& canvas, std::int32_t value, double volume_ml, int right_edge, int y) {
  if (value == 0) return;
  const std::string text = decimal(volume_ml, 1);
  canvas.fill({right_edge - kNumberWidth + 12, y + 4, 12, 12}, label_colour(value));
  canvas.text(right_edge - text_width(text, Font::small), y + 2, text, Font::small, kText);
}

}  // namespace

Legend::Legend(const Views& views, const std::vector<Label>& names, double voxel_ml) : voxel_ml_(voxel_ml) {
  std::vector<Label> shown;
  for (const Label& label : names) {
    if (views.structures().count(label.value) != 0) {
      shown.push_back(label);
    } else {
      const bool pair = std::any_of(names.begin(), names.end(), [&](const Label& other) {
        return other.anatomy == label.anatomy && other.side != label.side &&
               views.structures().count(other.value) == 0;
      });
      // A pair that is missing as a whole is named once.
      const std::string name = pair && !label.anatomy.empty() ? label.anatomy : display_name(label);
      if (std::find(missing_.begin(), missing_.end(), name) == missing_.end()) missing_.push_back(name);
    }
  }
  for (const auto& entry : views.structures()) {
    const bool named = std::any_of(names.begin(), names.end(),
                                   [&](const Label& label) { return label.value == entry.first; });
    if (!named) shown.push_back({entry.first, "", "", ""});
  }
  std::sort(shown.begin(), shown.end(), [](const Label& a, const Label& b) { return a.value < b.value; });
  for (const Label& label : shown) {
    const std::string name = label.anatomy.empty() ? display_name(label) : label.anatomy;
    auto row = std::find_if(rows_.begin(), rows_.end(), [&](LegendRow& r) {
      return r.name == name && r.single == 0 && slot(r, label.side) == 0;
    });
    if (row == rows_.end()) row = rows_.insert(rows_.end(), LegendRow{name, 0, 0, 0});
    slot(*row, label.side) = label.value;
  }
  for (const LegendRow& row : rows_) {
    volumes_ml_.push_back(
        {volume_ml(views, row.right), volume_ml(views, row.left), volume_ml(views, row.single)});
  }
}

double Legend::volume_ml(const Views& views, std::int32_t value) const {
  const auto structure = views.structures().find(value);
  return structure == views.structures().end() ? 0
                                               : static_cast<double>(structure->second.voxels) * voxel_ml_;
}

int Legend::columns_in(int width) const {
  return std::max(1, std::min((width + kColumnGap) / (kColumnWidth + kColumnGap), (rows() + 7) / 8));
}

int Legend::height_in(int width) const {
  const int columns = columns_in(width);
  return ((rows() + columns - 1) / columns + 1) * kRowHeight + 6;
}

void Legend::draw(Canvas& canvas, int x, int y, int width) const {
  const int columns = columns_in(width);
  const int per_column = (rows() + columns - 1) / columns;
  const int wide = std::min(620, (width + kColumnGap) / columns - kColumnGap);
  for (int row = 0; row < rows(); ++row) {
    const int column = row / per_column;
    const int left = x + column * (wide + kColumnGap);
    const int right = left + wide;
    if (row % per_column == 0) {
      canvas.text(left, y, "Structure, volume in ml", Font::small, kFaint);
      canvas.text(right - kNumberWidth - text_width("right", Font::small), y, "right", Font::small, kFaint);
      canvas.text(right - text_width("left", Font::small), y, "left", Font::small, kFaint);
      canvas.fill({left, y + kRowHeight - 2, wide, 1}, kRule);
    }
    const int top = y + kRowHeight * (row % per_column + 1) + 3;
    const LegendRow& entry = rows_[static_cast<std::size_t>(row)];
    const auto& volumes = volumes_ml_[static_cast<std::size_t>(row)];
    if (row % per_column % 2 == 1) canvas.fill({left, top - 1, wide, kRowHeight}, {255, 255, 255}, 0.045);
    canvas.text(left + 4, top + 2, fit_text(entry.name, Font::small, wide - 2 * kNumberWidth - 8),
                Font::small, kText);
    draw_entry(canvas, entry.right, volumes[0], right - kNumberWidth, top);
    draw_entry(canvas, entry.left, volumes[1], right - 4, top);
    draw_entry(canvas, entry.single, volumes[2], right - kNumberWidth / 2, top);
  }
}

}  // namespace musclemap::draw
