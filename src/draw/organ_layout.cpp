#include "draw/organ_layout.hpp"

#include <algorithm>
#include <cstddef>

#include "draw/style.hpp"

namespace musclemap::draw {
namespace {

constexpr int kLeastCell = 170;  // room for a caption
constexpr double kMostHeight = 0.66;
constexpr double kMostScale = 12;
constexpr int kLeastSlice = 20;  // percent of the width
constexpr int kMostSlice = 60;

// Rows of surfaces at one scale in a column of `width`; without boxes where one is too wide.
OrganLayout rows_at(double scale, const OrganParts& parts, const std::vector<OrganLegend>& legends,
                    const Box& room, int width) {
  OrganLayout layout;
  layout.px_per_mm = scale;
  const int high = std::max(1, static_cast<int>(parts.height_mm * scale));
  const std::size_t count = parts.widths_mm.size();
  const auto width_of = [&](std::size_t n) {
    return std::max(kLeastCell, static_cast<int>(parts.widths_mm[n] * scale) + 1);
  };
  int y = room.y;
  for (std::size_t first = 0; first < count;) {
    std::size_t end = first;
    int used = 0;
    while (end < count && used + width_of(end) <= width) used += width_of(end++) + kGap;
    if (end == first) return {};
    // What is left of the row is shared.
    const int spare = (width - used + kGap) / static_cast<int>(end - first);
    int x = room.x;
    int legend = 0;
    for (std::size_t n = first; n < end; ++n) {
      const Box box{x, y + kCellCaption, width_of(n) + spare, high};
      layout.boxes.push_back(box);
      legend = std::max(legend, legends[n].height_in(box.width));
      x += box.width + kGap;
    }
    y += kCellCaption + high + kLegendGap + legend + kGap;
    first = end;
  }
  layout.bottom = y - kGap;
  return layout;
}

// The largest scale at which the rows stay within `height`.
OrganLayout best_rows(const OrganParts& parts, const std::vector<OrganLegend>& legends, const Box& room,
                      int width, int height) {
  double low = 0;
  double high = kMostScale;
  OrganLayout best;
  for (int step = 0; step < 24; ++step) {
    const double scale = (low + high) / 2;
    OrganLayout layout = rows_at(scale, parts, legends, room, width);
    const bool fits = layout.boxes.size() == parts.widths_mm.size() && layout.bottom - room.y <= height;
    (fits ? low : high) = scale;
    if (fits) best = std::move(layout);
  }
  return best;
}

// The slice beside the rows, in `right` pixels.
void add_slice(const Box& room, int right, OrganLayout& layout) {
  layout.slice = {room.x + room.width - right, room.y + kCellCaption, right,
                  std::max(1, layout.bottom - room.y - kCellCaption)};
}

// The smaller of both scales, times the part of the picture that shows something.
double worth_of(const OrganParts& parts, const Box& room, const OrganLayout& layout) {
  const double slice_scale =
      std::min(layout.slice.width / parts.slice_width_mm, layout.slice.height / parts.slice_height_mm);
  double shown = parts.slice_width_mm * parts.slice_height_mm * slice_scale * slice_scale;
  for (const double width : parts.widths_mm) {
    shown += width * parts.height_mm * layout.px_per_mm * layout.px_per_mm;
  }
  return std::min(layout.px_per_mm, slice_scale) * shown / room.width / (layout.bottom - room.y);
}

}  // namespace

OrganLayout organ_layout(const OrganParts& parts, const std::vector<OrganLegend>& legends, const Box& room) {
  const int height = static_cast<int>(kMostHeight * room.width);
  OrganLayout best;
  if (parts.widths_mm.empty()) {
    best.bottom = room.y + height;
    add_slice(room, room.width, best);
    return best;
  }
  double most = -1;
  for (int percent = kLeastSlice; percent <= kMostSlice; percent += 2) {
    const int right = room.width * percent / 100;
    // Rows of fewer surfaces may be larger, and of more ones fill the picture better.
    for (int part = 4; part <= 10; ++part) {
      OrganLayout layout = best_rows(parts, legends, room, room.width - right - kGap, height * part / 10);
      if (layout.boxes.empty()) continue;
      add_slice(room, right, layout);
      const double worth = worth_of(parts, room, layout);
      if (worth <= most) continue;
      most = worth;
      best = std::move(layout);
    }
  }
  return best;
}

}  // namespace musclemap::draw
