#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "draw/heading.hpp"
#include "draw/legend.hpp"
#include "draw/montage_options.hpp"
#include "draw/names.hpp"
#include "draw/panel.hpp"
#include "draw/png.hpp"
#include "draw/style.hpp"
#include "draw/text_lines.hpp"
#include "draw/views.hpp"
#include "musclemap/picture.hpp"

namespace musclemap {
namespace {

using draw::Box;
using draw::Canvas;
using draw::Colour;
using draw::Crop;
using draw::fit;
using draw::Font;
using draw::kBackground;
using draw::kFaint;
using draw::kGap;
using draw::kLetters;
using draw::kLines;
using draw::kMargin;
using draw::Legend;
using draw::place_of;
using draw::Plane;
using draw::Views;

constexpr int kCaption = 22;
// Names beside the large slice.
constexpr int kGutter = 138;

// Slices to show, from the feet.
struct Choice {
  std::int64_t largest = 0;
  std::vector<std::int64_t> slices;
  std::int64_t overview = 0;
};

Choice choose(const Views& views, int max_slices) {
  const auto depth = static_cast<std::size_t>(views.shape()[2]);
  std::vector<std::int64_t> area(depth);
  std::vector<std::int64_t> behind(static_cast<std::size_t>(views.shape()[1]));
  for (const auto& [value, structure] : views.structures()) {
    for (std::size_t z = 0; z < depth; ++z) area[z] += structure.per_slice[z];
    for (std::size_t y = 0; y < behind.size(); ++y) behind[y] += structure.per_row[y];
  }
  Choice choice;
  choice.largest = views.shape()[2] / 2;
  choice.overview = views.shape()[1] / 2;
  std::int64_t first = 0;
  std::int64_t last = views.shape()[2] - 1;
  if (!views.structures().empty()) {
    choice.largest = std::max_element(area.begin(), area.end()) - area.begin();
    choice.overview = std::max_element(behind.begin(), behind.end()) - behind.begin();
    while (area[static_cast<std::size_t>(first)] == 0) ++first;
    while (area[static_cast<std::size_t>(last)] == 0) --last;
  }
  const std::int64_t labelled = last - first + 1;
  const std::int64_t count = std::min<std::int64_t>(max_slices, labelled);
  for (std::int64_t n = 0; n < count; ++n) {
    choice.slices.push_back(first + (2 * n + 1) * labelled / (2 * count));
  }
  return choice;
}

/// Everything that is placed before it is drawn.
class Montage {
 public:
  Montage(const Volume& image, const Volume& labels, const std::vector<Label>& names,
          const MontageOptions& options)
      : options_(options),
        views_(image, labels, options.section_axis, options.geometry_tolerance),
        heading_(views_, options.title.empty() ? "Segmentation" : options.title, {options.subtitle},
                 options.width_px - 2 * kMargin),
        legend_(views_, names, labels.geometry().voxel_ml()),
        choice_(choose(views_, options.max_slices)),
        large_(views_.section(choice_.largest)) {
    for (const Label& label : names)
      names_[label.value] = label.anatomy.empty() ? display_name(label) : label.anatomy;
    for (const auto& entry : views_.structures()) {
      names_.emplace(entry.first, display_name({entry.first, "", "", ""}));
    }
    for (const std::int64_t z : choice_.slices) slices_.push_back(views_.section(z));
    std::vector<Plane> all = slices_;
    all.push_back(large_);
    crop_ = draw::common_crop(all, views_.window(), 8);
    if (static_cast<double>(views_.shape()[2]) * views_.spacing()[2] >= draw::kOverviewFromMm &&
        views_.shape()[2] >= 4) {
      overview_ = views_.overview(choice_.overview);
      overview_crop_ = {crop_.column_begin, crop_.column_end, 0, overview_->rows};
    }
    place();
  }

  std::optional<Warning> doubt() const { return views_.doubt_of_places(); }

  std::string png() const {
    Canvas canvas(options_.width_px, height_, kBackground);
    heading_.draw(canvas, kMargin, kMargin - 6);
    draw_large(canvas);
    if (overview_) draw_overview(canvas);
    draw_slices(canvas);
    legend_.draw(canvas, legend_box_.x, legend_box_.y, legend_box_.width);
    draw_missing(canvas);
    return draw::encode_png(canvas);
  }

 private:
  void place() {
    const int width = options_.width_px;
    const int inner = width - 2 * kMargin;
    int y = kMargin + heading_.height() + 8;
    // A long overview needs less width than a wide one.
    const double overview_aspect = overview_ ? aspect_of(*overview_, overview_crop_) : 1;
    const int side = static_cast<int>(overview_aspect < 0.7 ? std::max(260.0, inner * 0.31 * overview_aspect)
                                                            : inner * 0.355);
    const int main = inner - side - kGap;
    const int gutter = views_.structures().empty() ? 0 : std::min(kGutter, main / 5);
    gutter_ = gutter;
    large_box_ =
        fit({kMargin + gutter, y + kCaption, main - 2 * gutter, width * 46 / 100}, aspect_of(large_, crop_));
    const int main_height = kCaption + large_box_.height;

    // The right column holds the overview and, where there is room, the table.
    const Box column{kMargin + main + kGap, y, side, 0};
    const int table = legend_.height_in(side);
    bool table_beside = side >= 420 && table <= main_height;
    int overview_limit = std::max(main_height - kCaption, width * 3 / 10);
    if (overview_) {
      const int natural = static_cast<int>(side / overview_aspect);
      const int overview = std::min(natural, std::max(240, main_height - table - kGap - kCaption));
      table_beside = side >= 420 && kCaption + overview + kGap + table <= main_height + width / 12;
      if (table_beside) overview_limit = overview;
    }
    int side_bottom = y;
    if (overview_) {
      overview_box_ = fit({column.x, y + kCaption, side, overview_limit}, overview_aspect);
      side_bottom = overview_box_.y + overview_box_.height + kGap;
    }
    if (table_beside) {
      legend_box_ = {column.x, side_bottom + (overview_ ? 0 : kCaption), side, table};
      side_bottom = legend_box_.y + table;
    }
    y = std::max(y + main_height, side_bottom) + kGap;

    y = place_slices(y, inner);
    if (!table_beside) {
      legend_box_ = {kMargin, y, inner, legend_.height_in(inner)};
      y += legend_box_.height + kGap;
    }
    missing_y_ = y;
    if (!legend_.missing().empty()) y += 22;
    height_ = y + kMargin - kGap / 2;
  }

  // Rows of equal boxes; returns the y below them.
  int place_slices(int y, int inner) {
    if (slices_.empty()) return y;
    const double aspect = aspect_of(large_, crop_);
    const int count = static_cast<int>(slices_.size());
    const int most = std::max(1, std::min(count, 8));
    // As few columns as give boxes that are not taller than a fifth of the width.
    int columns = std::min(most, 4);
    const auto width_with = [&](int n) { return (inner - (n - 1) * kGap) / n; };
    const auto height_with = [&](int n) {
      return static_cast<int>(static_cast<double>(width_with(n)) / aspect);
    };
    while (columns < most && height_with(columns) > options_.width_px / 5) ++columns;
    const int box_width = width_with(columns);
    const int box_height = std::max(1, std::min(height_with(columns), options_.width_px / 4));
    for (int n = 0; n < count; ++n) {
      const Box room{kMargin + n % columns * (box_width + kGap),
                     y + kCaption + n / columns * (box_height + kCaption + kGap / 2), box_width, box_height};
      slice_boxes_.push_back(fit(room, aspect));
    }
    return slice_boxes_.back().y + box_height + kGap;
  }

  void draw_large(Canvas& canvas) const {
    const std::string caption = views_.structures().empty() ? "Middle slice" : "Largest labelled section";
    canvas.text(large_box_.x, large_box_.y - kCaption + 2,
                caption + "   " + place_of(views_, choice_.largest), Font::small, kFaint);
    draw::PanelStyle style;
    style.outline_px = 2;
    style.cover = 0.27;
    const draw::PanelLabels panel =
        draw::draw_panel(canvas, large_box_, large_, crop_, views_.window(), style);
    draw::draw_letters(canvas, large_box_, views_.section_letters(), Font::large, kLetters);
    draw::draw_scale_bar(canvas, large_box_, draw::mm_per_px(large_, crop_, large_box_));
    draw::draw_names(canvas, panel, names_, gutter_);
  }

  void draw_overview(Canvas& canvas) const {
    const std::string name = std::string(views_.overview_name()) + " overview";
    const std::string full = name + ", lines: the slices shown";
    const bool fits = text_width(full, Font::small) <= options_.width_px - kMargin - overview_box_.x;
    canvas.text(overview_box_.x, overview_box_.y - kCaption + 2, fits ? full : name, Font::small, kFaint);
    draw::draw_panel(canvas, overview_box_, *overview_, overview_crop_, views_.window(), {});
    const auto mark = [&](std::int64_t z, double part) {
      const double from_top = static_cast<double>(views_.shape()[2] - 1 - z) + 0.5;
      const int y = overview_box_.y + static_cast<int>(from_top / static_cast<double>(views_.shape()[2]) *
                                                       overview_box_.height);
      canvas.fill({overview_box_.x, y, overview_box_.width, 1}, kLines, part);
    };
    for (const std::int64_t z : choice_.slices) mark(z, 0.45);
    mark(choice_.largest, 1.0);
    draw::draw_letters(canvas, overview_box_, views_.overview_letters(), Font::medium, kLetters);
    draw::draw_scale_bar(canvas, overview_box_, draw::mm_per_px(*overview_, overview_crop_, overview_box_));
  }

  void draw_slices(Canvas& canvas) const {
    for (std::size_t n = 0; n < slices_.size(); ++n) {
      const Box& box = slice_boxes_[n];
      canvas.text(box.x, box.y - kCaption + 4,
                  draw::fit_text(place_of(views_, choice_.slices[n]), Font::small, box.width), Font::small,
                  kFaint);
      draw::draw_panel(canvas, box, slices_[n], crop_, views_.window(), {});
      draw::draw_letters(canvas, box, views_.section_letters(), Font::medium, kLetters);
    }
  }

  void draw_missing(Canvas& canvas) const {
    if (legend_.missing().empty()) return;
    const std::size_t count = legend_.missing().size();
    std::string text = "Not found: ";
    for (std::size_t n = 0; n < count; ++n) text += (n == 0 ? "" : "; ") + legend_.missing()[n];
    canvas.text(kMargin, missing_y_, draw::fit_text(text, Font::small, options_.width_px - 2 * kMargin),
                Font::small, kFaint);
  }

  MontageOptions options_;
  Views views_;
  draw::Heading heading_;
  Legend legend_;
  Choice choice_;
  Plane large_;
  std::vector<Plane> slices_;
  std::optional<Plane> overview_;
  Crop crop_;
  Crop overview_crop_;
  std::map<std::int32_t, std::string> names_;
  Box large_box_;
  Box overview_box_;
  Box legend_box_;
  std::vector<Box> slice_boxes_;
  int gutter_ = 0;
  int missing_y_ = 0;
  int height_ = 1;
};

}  // namespace

std::string qc_montage_png(const Volume& image, const Volume& labels, const std::vector<Label>& names,
                           const MontageOptions& options) {
  base::check_options(options);
  const Montage montage(image, labels, names, options);
  const std::optional<Warning> doubt = options.on_warning ? montage.doubt() : std::nullopt;
  if (doubt) options.on_warning(*doubt);
  return montage.png();
}

}  // namespace musclemap
