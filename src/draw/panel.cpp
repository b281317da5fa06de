#include "draw/panel.hpp"

#include <algorithm>
#include <cmath>

#include "musclemap/labels.hpp"

namespace musclemap::draw {
namespace {

std::size_t at(const Plane& plane, int column, int row) {
  return static_cast<std::size_t>(row) * static_cast<std::size_t>(plane.columns) +
         static_cast<std::size_t>(column);
}

// Position in the plane of the middle of pixel `pixel` out of `pixels` that show [begin, end).
double position(int pixel, int pixels, int begin, int end) {
  return begin + (pixel + 0.5) / pixels * (end - begin) - 0.5;
}

// Lower neighbour, upper neighbour and the upper one's weight, inside of [0, count).
struct Between {
  int low;
  int high;
  double part;
  int nearest;
};

Between between(double where, int count) {
  const double clamped = std::clamp(where, 0.0, static_cast<double>(count - 1));
  const int low = static_cast<int>(clamped);
  const int high = std::min(low + 1, count - 1);
  return {low, high, clamped - low, static_cast<int>(std::lround(clamped))};
}

}  // namespace

Crop common_crop(const std::vector<Plane>& planes, const Window& window, double margin_mm) {
  if (planes.empty()) return {};
  const Plane& first = planes.front();
  std::vector<int> columns(static_cast<std::size_t>(first.columns));
  std::vector<int> rows(static_cast<std::size_t>(first.rows));
  const double threshold = window.low + 0.12 * (window.high - window.low);
  for (const Plane& plane : planes) {
    std::vector<int> lit_columns(columns.size());
    std::vector<int> lit_rows(rows.size());
    for (int r = 0; r < plane.rows; ++r) {
      for (int c = 0; c < plane.columns; ++c) {
        const std::size_t here = at(plane, c, r);
        int weight = plane.labels[here] != 0 ? 1000000 : 0;
        if (static_cast<double>(plane.grey[here]) > threshold) ++weight;
        lit_columns[static_cast<std::size_t>(c)] =
            std::min(1000000, lit_columns[static_cast<std::size_t>(c)] + weight);
        lit_rows[static_cast<std::size_t>(r)] =
            std::min(1000000, lit_rows[static_cast<std::size_t>(r)] + weight);
      }
    }
    // Single bright pixels are noise.
    for (std::size_t c = 0; c < columns.size(); ++c)
      columns[c] |= static_cast<int>(lit_columns[c] * 33 > plane.rows);
    for (std::size_t r = 0; r < rows.size(); ++r)
      rows[r] |= static_cast<int>(lit_rows[r] * 33 > plane.columns);
  }
  const auto range = [margin_mm](const std::vector<int>& lit, double mm, int& begin, int& end) {
    const int count = static_cast<int>(lit.size());
    const int margin = static_cast<int>(std::ceil(margin_mm / mm));
    const auto first_lit = std::find(lit.begin(), lit.end(), 1);
    const auto last_lit = std::find(lit.rbegin(), lit.rend(), 1);
    begin = 0;
    end = count;
    if (first_lit == lit.end()) return;
    begin = std::max(0, static_cast<int>(first_lit - lit.begin()) - margin);
    end = std::min(count, count - static_cast<int>(last_lit - lit.rbegin()) + margin);
  };
  Crop crop;
  range(columns, first.column_mm, crop.column_begin, crop.column_end);
  range(rows, first.row_mm, crop.row_begin, crop.row_end);
  return crop;
}

double aspect_of(const Plane& plane, const Crop& crop) {
  return (crop.column_end - crop.column_begin) * plane.column_mm /
         ((crop.row_end - crop.row_begin) * plane.row_mm);
}

Box fit(const Box& room, double aspect) {
  int width = room.width;
  int height = static_cast<int>(std::lround(width / aspect));
  if (height > room.height) {
    height = room.height;
    width = static_cast<int>(std::lround(height * aspect));
  }
  width = std::clamp(width, 1, room.width);
  height = std::clamp(height, 1, room.height);
  return {room.x + (room.width - width) / 2, room.y, width, height};
}

double mm_per_px(const Plane& plane, const Crop& crop, const Box& box) {
  return (crop.column_end - crop.column_begin) * plane.column_mm / box.width;
}

bool is_border(const PanelLabels& labels, int x, int y, int reach) {
  const std::int32_t value = labels.at(x, y);
  return labels.at(x - reach, y) != value || labels.at(x + reach, y) != value ||
         labels.at(x, y - reach) != value || labels.at(x, y + reach) != value;
}

PanelLabels draw_grey(Canvas& canvas, const Box& box, const Plane& plane, const Crop& crop,
                      const Window& window) {
  PanelLabels labels{box, {}, {}};
  labels.values.reserve(static_cast<std::size_t>(box.width) * static_cast<std::size_t>(box.height));
  std::vector<Between> columns;
  columns.reserve(static_cast<std::size_t>(box.width));
  for (int x = 0; x < box.width; ++x) {
    columns.push_back(between(position(x, box.width, crop.column_begin, crop.column_end), plane.columns));
  }
  for (int y = 0; y < box.height; ++y) {
    const Between row = between(position(y, box.height, crop.row_begin, crop.row_end), plane.rows);
    for (int x = 0; x < box.width; ++x) {
      const Between& column = columns[static_cast<std::size_t>(x)];
      const auto value = [&](int c, int r) {
        const auto v = static_cast<double>(plane.grey[at(plane, c, r)]);
        return std::isfinite(v) ? v : window.low;
      };
      const double upper =
          value(column.low, row.low) * (1 - column.part) + value(column.high, row.low) * column.part;
      const double lower =
          value(column.low, row.high) * (1 - column.part) + value(column.high, row.high) * column.part;
      const double grey = upper * (1 - row.part) + lower * row.part;
      const auto shade = static_cast<std::uint8_t>(std::lround(255 * window.level(grey)));
      canvas.blend(box.x + x, box.y + y, {shade, shade, shade});
      const std::size_t nearest = at(plane, column.nearest, row.nearest);
      labels.values.push_back(plane.labels[nearest]);
      if (!plane.tissue.empty()) labels.tissue.push_back(plane.tissue[nearest]);
    }
  }
  return labels;
}

PanelLabels draw_panel(Canvas& canvas, const Box& box, const Plane& plane, const Crop& crop,
                       const Window& window, const PanelStyle& style) {
  PanelLabels labels = draw_grey(canvas, box, plane, crop, window);
  for (int y = box.y; y < box.y + box.height; ++y) {
    for (int x = box.x; x < box.x + box.width; ++x) {
      const std::int32_t value = labels.at(x, y);
      if (value == 0) continue;
      const bool border = is_border(labels, x, y, 1) || (style.outline_px > 1 && is_border(labels, x, y, 2));
      canvas.blend(x, y, style.colour(value), border ? 0.95 : style.cover);
    }
  }
  return labels;
}

void draw_letters(Canvas& canvas, const Box& box, const std::string& letters, Font font,
                  const Colour& colour) {
  const int high = line_height(font);
  for (std::size_t edge = 0; edge < letters.size() && edge < 4; ++edge) {
    const std::string letter(1, letters[edge]);
    const int wide = text_width(letter, font);
    int x = box.x + box.width / 2 - wide / 2;
    int y = box.y + box.height / 2 - high / 2;
    if (edge == 0) x = box.x + 8;
    if (edge == 1) x = box.x + box.width - wide - 8;
    if (edge < 3) y = box.y + 5;
    if (edge == 3) y = box.y + box.height - high - 4;
    canvas.text_on_image(x, y, letter, font, colour);
  }
}

void draw_scale_bar(Canvas& canvas, const Box& box, double mm_per_px) {
  int length_mm = 10;
  for (const int candidate : {20, 50, 100, 200}) {
    if (candidate / mm_per_px < 0.25 * box.width) length_mm = candidate;
  }
  const int length = static_cast<int>(std::lround(length_mm / mm_per_px));
  if (length < 4 || length > box.width - 20) return;
  const std::string text = std::to_string(length_mm) + " mm";
  const int right = box.x + box.width - 12;
  const int y = box.y + box.height - 12;
  const Colour white{240, 240, 240};
  canvas.fill({right - length - 1, y - 2, length + 2, 5}, {0, 0, 0});
  canvas.fill({right - length, y - 1, length, 3}, white);
  canvas.text_on_image(right - length / 2 - text_width(text, Font::small) / 2,
                       y - 4 - line_height(Font::small), text, Font::small, white);
}

}  // namespace musclemap::draw
