#include "draw/tissue_card.hpp"

#include <algorithm>
#include <cmath>

#include "draw/heading.hpp"
#include "draw/style.hpp"
#include "draw/text_lines.hpp"
#include "draw/tissue_panel.hpp"
#include "draw/tissue_table.hpp"

namespace musclemap::draw {
namespace {

constexpr int kCardPad = 10;
constexpr int kImageTop = 52;
constexpr int kHistogramHeight = 132;
constexpr int kBesideFrom = 720;
constexpr Colour kCardColour{24, 28, 35};

// Thresholds of a group's labels; those of fixed ranges are the same for all.
std::vector<Threshold> thresholds_of(const TissueGroup& group, const TissueOptions& options) {
  if (options.method == TissueMethod::hu) {
    return {{options.fat_range.low, 0, false, "fat "},
            {options.fat_range.high, 0, false, "fat "},
            {options.muscle_range.low, 1, false, "muscle "},
            {options.muscle_range.high, 1, false, "muscle "}};
  }
  std::vector<Threshold> thresholds;
  for (const TissueMember& member : group.members) {
    if (member.fit == nullptr || !member.fit->divided()) continue;
    const bool left = member.side == "left";
    const std::string name = member.side.empty() ? "" : (left ? "L " : "R ");
    for (const double value : {member.fit->muscle_max, member.fit->fat_min}) {
      if (std::isfinite(value)) thresholds.push_back({value, left ? 1 : 0, left, name});
    }
  }
  return thresholds;
}

Box moved(const Box& box, int x, int y) { return {box.x + x, box.y + y, box.width, box.height}; }

void draw_image(Canvas& canvas, const Box& room, const Views& views, const TissueGroup& group) {
  canvas.fill(room, {0, 0, 0});
  const Plane plane = views.section(group.slice);
  const Crop crop = group_crop(plane, group, views.window(), static_cast<double>(room.width) / room.height);
  Box box = fit(room, aspect_of(plane, crop));
  box.y += (room.height - box.height) / 2;
  draw_tissue_panel(canvas, box, plane, crop, views.window(), &group);
  draw_letters(canvas, room, views.section_letters(), Font::medium, kLetters);
  draw_scale_bar(canvas, room, mm_per_px(plane, crop, box));
}

}  // namespace

CardLayout card_layout(int width, int table_rows) {
  CardLayout layout;
  layout.width = width;
  const int inner = width - 2 * kCardPad;
  const int table = table_height(table_rows);
  if (width < kBesideFrom) {
    layout.image = {kCardPad, kImageTop, inner, inner * 70 / 100};
    layout.table = {kCardPad, kImageTop + layout.image.height + 8, inner, table};
    layout.histogram = {kCardPad, layout.table.y + table + 8, inner, kHistogramHeight};
    layout.height = layout.histogram.y + kHistogramHeight + kCardPad;
    return layout;
  }
  const int side = std::clamp(inner * 42 / 100, kCardLeast - 2 * kCardPad, 620);
  const int image = inner - side - 16;
  const int least = table + 8 + kHistogramHeight;
  layout.image = {kCardPad, kImageTop, image, std::max(least, std::min(image * 72 / 100, 760))};
  const int left = kCardPad + image + 16;
  layout.table = {left, kImageTop, side, table};
  layout.histogram = {left, kImageTop + table + 12, side, std::min(520, layout.image.height - table - 12)};
  layout.height = kImageTop + layout.image.height + kCardPad;
  return layout;
}

void draw_card_frame(Canvas& canvas, const Box& box, const std::string& number, const std::string& title,
                     const std::string& line) {
  canvas.fill(box, kCardColour);
  int x = box.x + kCardPad;
  const int room = box.width - 2 * kCardPad;
  if (!number.empty()) {
    canvas.text(x, box.y + 8, number, Font::medium, kLines);
    x += text_width(number, Font::medium) + 9;
  }
  canvas.text(x, box.y + 8, fit_text(title, Font::medium, box.x + kCardPad + room - x), Font::medium, kTitle);
  canvas.text(box.x + kCardPad, box.y + 30, fit_text(line, Font::small, room), Font::small, kFaint);
}

void draw_card(Canvas& canvas, int x, int y, const CardLayout& layout, const Views& views, const Card& card) {
  draw_card_frame(canvas, {x, y, layout.width, layout.height},
                  card.group.members.empty() ? "" : std::to_string(card.number), card.group.name,
                  place_of(views, card.group.slice));
  draw_image(canvas, moved(layout.image, x, y), views, card.group);
  draw_tissue_table(canvas, moved(layout.table, x, y), views, card.group, card.options);
  if (card.group.members.empty()) return;
  draw_histogram(canvas, moved(layout.histogram, x, y), card.histogram,
                 thresholds_of(card.group, card.options));
}

}  // namespace musclemap::draw
