#include <algorithm>
#include <numeric>
#include <set>

#include "base/whole_bones.hpp"
#include "draw/heading.hpp"
#include "draw/histogram.hpp"
#include "draw/montage_options.hpp"
#include "draw/png.hpp"
#include "draw/style.hpp"
#include "draw/text_lines.hpp"
#include "draw/tissue_card.hpp"
#include "draw/tissue_groups.hpp"
#include "draw/tissue_legend.hpp"
#include "draw/tissue_overview.hpp"
#include "draw/tissue_table.hpp"
#include "draw/views.hpp"
#include "musclemap/picture.hpp"

namespace musclemap {
namespace {

using draw::Box;
using draw::Canvas;
using draw::CardLayout;
using draw::Font;
using draw::TissueGroup;

constexpr int kMostHeight = 8000;
constexpr int kCardGap = 14;
constexpr int kListGap = 14;
constexpr int kListLine = 19;
constexpr std::size_t kListLines = 12;

/// Cells of equal size, filled row by row; the overview takes the first, or the first two of the first
/// column.
struct Grid {
  int columns = 1;
  int rows = 1;
  int overview_rows = 0;
  CardLayout card;
  int height() const { return rows * (card.height + kCardGap) - kCardGap; }
};

Grid grid_with(int columns, int groups, bool overview, bool tall, int width, int table_rows) {
  Grid grid;
  grid.columns = columns;
  grid.card = draw::card_layout((width - (columns - 1) * kCardGap) / columns, table_rows);
  if (overview) grid.overview_rows = tall && columns > 1 && groups + 2 > columns ? 2 : 1;
  grid.rows = std::max({1, grid.overview_rows, (groups + grid.overview_rows + columns - 1) / columns});
  return grid;
}

// As few columns as suit the number of groups and keep the grid below `height`.
Grid choose_grid(int groups, bool overview, bool tall, int width, int height, int table_rows) {
  const int most = std::max(1, (width + kCardGap) / (draw::kCardLeast + kCardGap));
  const int cells = groups + static_cast<int>(overview);
  const int wish = cells <= 1 ? 1 : cells <= 6 ? 2 : cells <= 12 ? 3 : 4;
  for (int columns = std::min(wish, most);; ++columns) {
    const Grid grid = grid_with(columns, groups, overview, tall, width, table_rows);
    if (grid.height() <= height || columns == most) return grid;
  }
}

// The groups with most voxels, in their own order; the names of the others go to `left_out`.
std::vector<TissueGroup> largest(const std::vector<TissueGroup>& groups, std::size_t count,
                                 std::vector<std::string>& left_out) {
  std::vector<std::size_t> order(groups.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return groups[a].voxels > groups[b].voxels; });
  std::vector<bool> shown(groups.size());
  for (std::size_t n = 0; n < std::min(count, order.size()); ++n) shown[order[n]] = true;
  std::vector<TissueGroup> result;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (shown[g]) {
      result.push_back(groups[g]);
    } else {
      left_out.push_back(groups[g].name);
    }
  }
  return result;
}

std::vector<std::string> list_lines(const std::vector<std::string>& names, int width) {
  if (names.empty()) return {};
  std::string text = "Smaller groups without a card (" + std::to_string(names.size()) + "): ";
  for (std::size_t n = 0; n < names.size(); ++n) text += (n == 0 ? "" : "; ") + names[n];
  return draw::fit_lines(text, Font::small, width, kListLines);
}

std::vector<std::int64_t> slices_of(const std::vector<TissueGroup>& groups) {
  std::vector<std::int64_t> slices;
  slices.reserve(groups.size());
  for (const TissueGroup& group : groups) slices.push_back(group.slice);
  return slices;
}

std::vector<TissueFit> fits_of(const TissueOverlay& overlay, const std::vector<Label>& names) {
  return base::whole_bones(overlay.fits, names, overlay.options.divide_bones.value_or(false));
}

std::set<std::int32_t> bones_of(const std::vector<TissueFit>& fits) {
  std::set<std::int32_t> bones;
  for (const TissueFit& fit : fits) {
    if (fit.status == LabelStatus::bone) bones.insert(fit.label);
  }
  return bones;
}

/// Everything that is placed before it is drawn.
class TissueMontage {
 public:
  TissueMontage(const Volume& image, const TissueOverlay& overlay, const std::vector<Label>& names,
                const MontageOptions& options)
      : options_(options),
        how_(overlay.options),
        fits_(fits_of(overlay, names)),
        inner_(options.width_px - 2 * draw::kMargin),
        views_(image, overlay.labels, overlay.tissue, options.section_axis,
               std::max(options.geometry_tolerance, how_.geometry_tolerance), bones_of(fits_)),
        heading_(views_, options.title.empty() ? "Tissue classes" : options.title,
                 {options.subtitle, draw::method_text(how_)}, inner_),
        legend_(how_, inner_),
        groups_(draw::tissue_groups(views_, names, fits_)) {
    for (TissueGroup& group : groups_) {
      for (draw::TissueMember& member : group.members) {
        const auto found = overlay.percent.find(member.label);
        if (found != overlay.percent.end()) member.percent = &found->second;
      }
    }
    legend_y_ = draw::kMargin + heading_.height() + 4;
    grid_y_ = legend_y_ + legend_.height() + 10;
    place();
  }

  std::string png() const {
    const int list_y = grid_y_ + grid_.height() + kListGap;
    const int list = static_cast<int>(list_.size()) * kListLine;
    const int bottom = list_.empty() ? list_y - kListGap : list_y + list;
    Canvas canvas(options_.width_px, bottom + draw::kMargin, draw::kBackground);
    heading_.draw(canvas, draw::kMargin, draw::kMargin - 6);
    legend_.draw(canvas, draw::kMargin, legend_y_);
    const draw::TissueOverview overview(views_, slices_of(groups_));
    if (overview.visible()) {
      const int rows = grid_.overview_rows;
      overview.draw(canvas, {draw::kMargin, grid_y_, grid_.card.width,
                             rows * (grid_.card.height + kCardGap) - kCardGap});
    }
    draw_cards(canvas);
    for (std::size_t n = 0; n < list_.size(); ++n) {
      canvas.text(draw::kMargin, list_y + static_cast<int>(n) * kListLine, list_[n], Font::small,
                  draw::kFaint);
    }
    return draw::encode_png(canvas);
  }

 private:
  // As many groups as find room, and a grid that holds them.
  void place() {
    const bool overview = draw::TissueOverview::suits(views_);
    const bool tall = static_cast<double>(views_.shape()[2]) * views_.spacing()[2] >
                      1.4 * static_cast<double>(views_.shape()[0]) * views_.spacing()[0];
    int table_rows = 1;
    for (const TissueGroup& group : groups_) table_rows = std::max(table_rows, draw::table_rows(group));
    // The list is as long as it may become.
    const int room =
        kMostHeight - grid_y_ - draw::kMargin - kListGap - static_cast<int>(kListLines) * kListLine;
    int count = std::min(static_cast<int>(std::min(groups_.size(), std::size_t{200})), options_.max_groups);
    grid_ = choose_grid(std::max(1, count), overview, tall, inner_, room, table_rows);
    if (grid_.height() > room) {
      grid_.rows = std::max(1, (room + kCardGap) / (grid_.card.height + kCardGap));
      count = grid_.rows * grid_.columns - grid_.overview_rows;
    }
    std::vector<std::string> left_out;
    groups_ = largest(groups_, static_cast<std::size_t>(count), left_out);
    list_ = list_lines(left_out, inner_);
    if (groups_.empty()) groups_.push_back({"No label: middle slice", {}, 0, views_.shape()[2] / 2});
  }

  void draw_cards(Canvas& canvas) const {
    const std::vector<draw::Histogram> histograms = draw::group_histograms(views_, groups_);
    int cell = 0;
    for (std::size_t g = 0; g < groups_.size(); ++g, ++cell) {
      while (cell % grid_.columns == 0 && cell / grid_.columns < grid_.overview_rows) ++cell;
      const int x = draw::kMargin + cell % grid_.columns * (grid_.card.width + kCardGap);
      const int y = grid_y_ + cell / grid_.columns * (grid_.card.height + kCardGap);
      draw::draw_card(canvas, x, y, grid_.card, views_,
                      {static_cast<int>(g) + 1, groups_[g], histograms[g], how_});
    }
  }

  MontageOptions options_;
  TissueOptions how_;
  std::vector<TissueFit> fits_;
  int inner_;
  draw::Views views_;
  draw::Heading heading_;
  draw::TissueLegend legend_;
  std::vector<TissueGroup> groups_;
  Grid grid_;
  std::vector<std::string> list_;
  int legend_y_ = 0;
  int grid_y_ = 0;
};

}  // namespace

std::string tissue_montage_png(const Volume& image, const TissueOverlay& overlay,
                               const std::vector<Label>& names, const MontageOptions& options) {
  base::check_options(options);
  return TissueMontage(image, overlay, names, options).png();
}

}  // namespace musclemap
