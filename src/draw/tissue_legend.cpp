#include "draw/tissue_legend.hpp"

#include "draw/style.hpp"

namespace musclemap::draw {
namespace {

constexpr int kLegendLine = 24;
constexpr int kSign = 28;
constexpr int kBetween = 30;

}  // namespace

TissueLegend::TissueLegend(const TissueOptions& options, int width) : width_(width) {
  for (const ClassDefinition& definition : class_definitions(options)) {
    add(Sign::swatch, kClassColours[definition.which], definition.text);
  }
  add(Sign::swatch, kClassColours[kNoClass], "not divided or taken out");
  if (options.method == TissueMethod::hu) {
    add(Sign::solid, kText, "limits of the ranges");
  } else {
    add(Sign::solid, kText, "right threshold");
    add(Sign::dashed, kText, "left threshold");
  }
  add(Sign::none, kText, "ml: volume, %: share of the label, mm2: largest section");
}

void TissueLegend::add(Sign sign, const Colour& colour, const std::string& text) {
  Entry entry{sign, colour, text};
  const auto wide = [](const Entry& e) {
    return (e.sign == Sign::none ? 0 : kSign) + text_width(e.text, Font::medium);
  };
  if (!entries_.empty()) {
    const Entry& last = entries_.back();
    entry.line = last.line;
    entry.x = last.x + wide(last) + kBetween;
    if (entry.x + wide(entry) > width_) {
      entry.x = 0;
      ++entry.line;
    }
  }
  entries_.push_back(entry);
}

int TissueLegend::height() const { return (entries_.back().line + 1) * kLegendLine; }

void TissueLegend::draw(Canvas& canvas, int x, int y) const {
  for (const Entry& entry : entries_) {
    int left = x + entry.x;
    const int top = y + entry.line * kLegendLine;
    if (entry.sign == Sign::swatch) canvas.fill({left, top + 2, 20, 15}, entry.colour);
    for (int at = 0; at < 20 && entry.sign != Sign::swatch && entry.sign != Sign::none; ++at) {
      if (entry.sign == Sign::solid || at % 6 < 4) canvas.fill({left + at, top + 9, 1, 2}, {255, 255, 255});
    }
    if (entry.sign != Sign::none) left += kSign;
    canvas.text(left, top, entry.text, Font::medium, kText);
  }
}

}  // namespace musclemap::draw
