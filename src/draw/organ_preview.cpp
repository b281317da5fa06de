#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "draw/body_systems.hpp"
#include "draw/heading.hpp"
#include "draw/label_grid.hpp"
#include "draw/montage_options.hpp"
#include "draw/organ_layout.hpp"
#include "draw/organ_legend.hpp"
#include "draw/panel.hpp"
#include "draw/png.hpp"
#include "draw/style.hpp"
#include "draw/surface_net.hpp"
#include "draw/surface_picture.hpp"
#include "draw/views.hpp"
#include "musclemap/picture.hpp"

namespace musclemap {
namespace {

using draw::BodySystem;
using draw::Box;
using draw::Canvas;
using draw::Colour;
using draw::Crop;
using draw::Font;
using draw::kMargin;
using draw::OrganGroup;
using draw::OrganLegend;
using draw::Plane;
using draw::Views;
using draw::VoxelBox;

constexpr double kSurfaceMarginMm = 6;  // around the labels
constexpr double kSliceMarginMm = 30;
constexpr double kCoronalFromMm = 120;  // height of labels whose slice is coronal
constexpr draw::Window kCtWindow{-115, 225, 1};

// The labels that the map holds, with their names.
std::vector<Label> present_labels(const Views& views, const std::vector<Label>& names) {
  std::map<std::int32_t, Label> present;
  for (const auto& entry : views.structures()) present[entry.first] = {entry.first, "", "", "", "", ""};
  for (const Label& label : names) {
    const auto found = present.find(label.value);
    if (found != present.end()) found->second = label;
  }
  std::vector<Label> result;
  result.reserve(present.size());
  for (auto& entry : present) result.push_back(std::move(entry.second));
  return result;
}

// The plane that shows most of many structures: square roots, or the largest alone would decide.
std::int64_t richest(const Views& views, std::vector<std::int64_t> draw::Structure::*counts,
                     std::int64_t planes) {
  std::vector<double> weight(static_cast<std::size_t>(planes));
  for (const auto& [value, structure] : views.structures()) {
    const auto& count = structure.*counts;
    for (std::size_t n = 0; n < count.size(); ++n) weight[n] += std::sqrt(static_cast<double>(count[n]));
  }
  return std::max_element(weight.begin(), weight.end()) - weight.begin();
}

/// The labels of one body system.
struct Part {
  BodySystem system;
  std::vector<std::int32_t> labels;
  VoxelBox box;
};

class Preview {
 public:
  Preview(const Volume& image, const Volume& labels, const std::vector<Label>& names,
          const MontageOptions& options)
      : options_(options),
        views_(image, labels, SectionAxis::superior, options.geometry_tolerance),
        window_(views_.hounsfield() ? kCtWindow : views_.window()),
        heading_(views_, window_, options.title.empty() ? "Segmentation" : options.title, {options.subtitle},
                 options.width_px - 2 * kMargin) {
    const std::vector<OrganGroup> groups = draw::organ_groups(present_labels(views_, names));
    for (const OrganGroup& group : groups) {
      for (const draw::ShownLabel& label : group.labels) colours_[label.value] = label.colour;
    }
    make_parts(groups);
    choose_slice();
    place();
  }

  std::optional<Warning> doubt() const { return views_.doubt_of_places(); }

  std::string png() const {
    Canvas canvas(options_.width_px, height_, draw::kBackground);
    heading_.draw(canvas, kMargin, kMargin - 6);
    draw_parts(canvas);
    draw_slice(canvas);
    return draw::encode_png(canvas);
  }

 private:
  void make_parts(const std::vector<OrganGroup>& groups) {
    const std::map<std::int32_t, VoxelBox> boxes = draw::label_boxes(views_);
    for (std::size_t n = 0; n < draw::kBodySystems; ++n) {
      const auto system = static_cast<BodySystem>(n);
      std::vector<OrganGroup> own;
      Part part{system, {}, {}};
      for (const OrganGroup& group : groups) {
        if (group.system != system) continue;
        own.push_back(group);
        for (const draw::ShownLabel& label : group.labels) {
          const VoxelBox& box = boxes.at(label.value);
          part.box = part.labels.empty() ? box : draw::hull(part.box, box);
          part.labels.push_back(label.value);
        }
      }
      if (own.empty()) continue;
      labelled_ = parts_.empty() ? part.box : draw::hull(labelled_, part.box);
      parts_.push_back(std::move(part));
      legends_.emplace_back(std::move(own));
    }
    if (parts_.empty()) labelled_.end = views_.shape();
  }

  double extent_mm(const VoxelBox& box, std::size_t axis) const {
    return static_cast<double>(box.end[axis] - box.begin[axis]) * views_.spacing()[axis];
  }

  // Voxels of an axis with a margin around the labels, inside of the volume.
  std::pair<int, int> with_margin(std::size_t axis) const {
    const auto margin = static_cast<std::int64_t>(std::ceil(kSliceMarginMm / views_.spacing()[axis]));
    return {static_cast<int>(std::max<std::int64_t>(0, labelled_.begin[axis] - margin)),
            static_cast<int>(std::min(views_.shape()[axis], labelled_.end[axis] + margin))};
  }

  void choose_slice() {
    coronal_ = extent_mm(labelled_, 2) >= kCoronalFromMm;
    if (views_.structures().empty()) {
      slice_ = coronal_ ? views_.overview(views_.shape()[1] / 2) : views_.section(views_.shape()[2] / 2);
    } else if (coronal_) {
      slice_ = views_.overview(richest(views_, &draw::Structure::per_row, views_.shape()[1]));
    } else {
      slice_ = views_.section(richest(views_, &draw::Structure::per_slice, views_.shape()[2]));
    }
    // Planes count columns from the right and rows from the top.
    const auto [right, left] = with_margin(0);
    const auto [low, high] = with_margin(coronal_ ? 2 : 1);
    crop_ = {slice_.columns - left, slice_.columns - right, slice_.rows - high, slice_.rows - low};
  }

  void place() {
    draw::OrganParts parts;
    for (const Part& part : parts_) parts.widths_mm.push_back(extent_mm(part.box, 0) + 2 * kSurfaceMarginMm);
    parts.height_mm = extent_mm(labelled_, 2) + 2 * kSurfaceMarginMm;
    parts.slice_width_mm = (crop_.column_end - crop_.column_begin) * slice_.column_mm;
    parts.slice_height_mm = (crop_.row_end - crop_.row_begin) * slice_.row_mm;
    const int top = kMargin + heading_.height() + 12;
    layout_ = draw::organ_layout(parts, legends_, {kMargin, top, options_.width_px - 2 * kMargin, 0});
    height_ = layout_.bottom + kMargin;
  }

  void draw_parts(Canvas& canvas) const {
    std::vector<std::int32_t> values;
    std::vector<Colour> colours(1);
    for (const auto& [value, colour] : colours_) {
      values.push_back(value);
      colours.push_back(colour);
    }
    if (values.empty()) return;
    const double scale = layout_.px_per_mm;
    const draw::LabelGrid grid = draw::label_grid(views_, labelled_, values, 1 / scale);
    const double top = (static_cast<double>(labelled_.end[2]) - 0.5) * views_.spacing()[2];
    for (std::size_t n = 0; n < parts_.size(); ++n) {
      const Part& part = parts_[n];
      const Box& box = layout_.boxes[n];
      std::vector<char> shown(colours.size());
      for (const std::int32_t label : part.labels) {
        const auto found = std::lower_bound(values.begin(), values.end(), label);
        shown[static_cast<std::size_t>(found - values.begin()) + 1] = 1;
      }
      // In the middle of its box; all of one height.
      const double middle =
          static_cast<double>(part.box.begin[0] + part.box.end[0] - 1) / 2 * views_.spacing()[0];
      draw::draw_surface(canvas, box, {middle + box.width / scale / 2, top + kSurfaceMarginMm, scale},
                         draw::surface_net(grid, shown), colours);
      canvas.text(box.x, box.y - draw::kCellCaption + 2, draw::name_of(part.system), Font::medium,
                  draw::kTitle);
      legends_[n].draw(canvas, box.x, box.y + box.height + draw::kLegendGap, box.width);
    }
  }

  void draw_slice(Canvas& canvas) const {
    const Box box = draw::fit(layout_.slice, draw::aspect_of(slice_, crop_));
    draw::PanelStyle style;
    style.cover = 0.45;
    style.colour = [&](std::int32_t value) { return colours_.at(value); };
    canvas.text(box.x, box.y - draw::kCellCaption + 2, coronal_ ? "Coronal slice" : "Axial slice",
                Font::medium, draw::kTitle);
    draw::draw_panel(canvas, box, slice_, crop_, window_, style);
    draw::draw_letters(canvas, box, coronal_ ? views_.overview_letters() : views_.section_letters(),
                       Font::medium, draw::kLetters);
    draw::draw_scale_bar(canvas, box, draw::mm_per_px(slice_, crop_, box));
  }

  MontageOptions options_;
  Views views_;
  draw::Window window_;
  draw::Heading heading_;
  std::map<std::int32_t, Colour> colours_;
  std::vector<Part> parts_;
  std::vector<OrganLegend> legends_;  // of the parts
  VoxelBox labelled_;
  bool coronal_ = true;
  Plane slice_;
  Crop crop_;
  draw::OrganLayout layout_;
  int height_ = 1;
};

}  // namespace

std::string organ_preview_png(const Volume& image, const Volume& labels, const std::vector<Label>& names,
                              const MontageOptions& options) {
  base::check_options(options);
  const Preview preview(image, labels, names, options);
  const std::optional<Warning> doubt = options.on_warning ? preview.doubt() : std::nullopt;
  if (doubt) options.on_warning(*doubt);
  return preview.png();
}

}  // namespace musclemap
