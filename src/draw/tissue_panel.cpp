#include "draw/tissue_panel.hpp"

#include <algorithm>
#include <cmath>

namespace musclemap::draw {
namespace {

constexpr double kBodyMarginMm = 8;
constexpr double kGroupMarginMm = 20;
constexpr double kGroupMarginPart = 0.3;
/// Groups that need less of the body part's area than this are shown enlarged.
constexpr double kEnlargedBelow = 0.5;

/// How much of the image each class covers: bright tints need more to be seen on dark voxels.
constexpr std::array<double, kClasses> kCover{0.25, 0.38, 0.45, 0.5};

// Grows [begin, end) to `wanted` voxels around its middle, inside of [0, count).
void grow(int& begin, int& end, double wanted, int count) {
  const int size = std::min(count, std::max(end - begin, static_cast<int>(std::lround(wanted))));
  begin = std::clamp((begin + end - size) / 2, 0, count - size);
  end = begin + size;
}

void grow_to_aspect(Crop& crop, const Plane& plane, double aspect) {
  const double width = (crop.column_end - crop.column_begin) * plane.column_mm;
  const double height = (crop.row_end - crop.row_begin) * plane.row_mm;
  grow(crop.column_begin, crop.column_end, height * aspect / plane.column_mm, plane.columns);
  grow(crop.row_begin, crop.row_end, width / aspect / plane.row_mm, plane.rows);
}

double area_of(const Crop& crop) {
  return static_cast<double>(crop.column_end - crop.column_begin) * (crop.row_end - crop.row_begin);
}

// The box around the group's voxels; empty where there are none.
Crop bounds_of(const Plane& plane, const TissueGroup& group) {
  Crop crop{plane.columns, 0, plane.rows, 0};
  for (int r = 0; r < plane.rows; ++r) {
    for (int c = 0; c < plane.columns; ++c) {
      const std::size_t here =
          static_cast<std::size_t>(r) * static_cast<std::size_t>(plane.columns) + static_cast<std::size_t>(c);
      if (plane.labels[here] == 0 || !group.has(plane.labels[here])) continue;
      crop.column_begin = std::min(crop.column_begin, c);
      crop.column_end = std::max(crop.column_end, c + 1);
      crop.row_begin = std::min(crop.row_begin, r);
      crop.row_end = std::max(crop.row_end, r + 1);
    }
  }
  return crop;
}

}  // namespace

Crop group_crop(const Plane& plane, const TissueGroup& group, const Window& window, double aspect) {
  Crop body = common_crop({plane}, window, kBodyMarginMm);
  grow_to_aspect(body, plane, aspect);
  Crop crop = bounds_of(plane, group);
  if (crop.column_begin >= crop.column_end) return body;
  const double size = std::max((crop.column_end - crop.column_begin) * plane.column_mm,
                               (crop.row_end - crop.row_begin) * plane.row_mm);
  const double margin = std::max(kGroupMarginMm, kGroupMarginPart * size);
  grow(crop.column_begin, crop.column_end, crop.column_end - crop.column_begin + 2 * margin / plane.column_mm,
       plane.columns);
  grow(crop.row_begin, crop.row_end, crop.row_end - crop.row_begin + 2 * margin / plane.row_mm, plane.rows);
  grow_to_aspect(crop, plane, aspect);
  return area_of(crop) < kEnlargedBelow * area_of(body) ? crop : body;
}

void draw_tissue_panel(Canvas& canvas, const Box& box, const Plane& plane, const Crop& crop,
                       const Window& window, const TissueGroup* group) {
  const PanelLabels labels = draw_grey(canvas, box, plane, crop, window);
  std::int32_t last = 0;
  bool inside = false;
  std::size_t here = 0;
  for (int y = box.y; y < box.y + box.height; ++y) {
    for (int x = box.x; x < box.x + box.width; ++x, ++here) {
      const std::int32_t value = labels.values[here];
      if (value == 0) continue;
      if (value != last) {
        inside = group == nullptr || group->has(value);
        last = value;
      }
      const bool border = is_border(labels, x, y, 1);
      if (inside) {
        const std::size_t which = labels.tissue.empty() ? kNoClass : class_of(labels.tissue[here]);
        canvas.blend(x, y, kClassColours[which], kCover[which]);
      }
      const double outline = group == nullptr ? 0.15 : 0.75;
      if (border) canvas.blend(x, y, {255, 255, 255}, inside ? outline : 0.22);
    }
  }
}

}  // namespace musclemap::draw
