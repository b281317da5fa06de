#include "draw/tissue_overview.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "draw/spread.hpp"
#include "draw/style.hpp"
#include "draw/text_lines.hpp"
#include "draw/tissue_card.hpp"
#include "draw/tissue_panel.hpp"

namespace musclemap::draw {
namespace {

constexpr int kPad = 10;
constexpr int kTop = 52;
constexpr int kLead = 18;  // from the image to a number

std::int64_t fullest_plane(const Views& views) {
  std::vector<std::int64_t> sum(static_cast<std::size_t>(views.shape()[1]));
  for (const auto& entry : views.structures()) {
    for (std::size_t y = 0; y < sum.size(); ++y) sum[y] += entry.second.per_row[y];
  }
  if (views.structures().empty()) return views.shape()[1] / 2;
  return std::max_element(sum.begin(), sum.end()) - sum.begin();
}

// Cards by slice, from the head; as many numbers as fit on one line.
std::vector<std::pair<std::int64_t, std::string>> notes_of(const std::vector<std::int64_t>& slices) {
  std::map<std::int64_t, std::string> notes;
  for (std::size_t n = 0; n < slices.size(); ++n) {
    std::string& note = notes[slices[n]];
    note += (note.empty() ? "" : " ") + std::to_string(n + 1);
  }
  return {notes.rbegin(), notes.rend()};
}

}  // namespace

TissueOverview::TissueOverview(const Views& views, std::vector<std::int64_t> slices)
    : views_(views), slices_(std::move(slices)), visible_(suits(views)) {
  if (!visible_) return;
  plane_ = views.overview(fullest_plane(views));
  crop_ = common_crop({plane_}, views.window(), 8);
  crop_.row_begin = 0;
  crop_.row_end = plane_.rows;
}

bool TissueOverview::suits(const Views& views) {
  return static_cast<double>(views.shape()[2]) * views.spacing()[2] >= kOverviewFromMm &&
         views.shape()[2] >= 4;
}

void TissueOverview::draw(Canvas& canvas, const Box& box) const {
  draw_card_frame(canvas, box, "", std::string(views_.overview_name()) + " overview",
                  "plane with most labelled voxels; numbers: the cards");
  int gutter = kLead;
  for (const auto& note : notes_of(slices_))
    gutter = std::max(gutter, kLead + text_width(note.second, Font::small));
  gutter = std::min(gutter, box.width / 4);
  const Box room{box.x + kPad, box.y + kTop, box.width - 2 * kPad - gutter, box.height - kTop - kPad};
  const Box image = fit(room, aspect());
  draw_tissue_panel(canvas, image, plane_, crop_, views_.window(), nullptr);
  draw_slices(canvas, image, box.x + box.width - kPad);
  draw_letters(canvas, image, views_.overview_letters(), Font::medium, kLetters);
  draw_scale_bar(canvas, image, mm_per_px(plane_, crop_, image));
}

void TissueOverview::draw_slices(Canvas& canvas, const Box& image, int right) const {
  const auto notes = notes_of(slices_);
  const int edge = image.x + image.width;
  const int high = line_height(Font::small) - 1;
  const auto depth = static_cast<double>(views_.shape()[2]);
  std::vector<int> heights;
  std::vector<Stretch> stretches;
  for (const auto& note : notes) {
    const double from_top = depth - 0.5 - static_cast<double>(note.first);
    const int y = image.y + static_cast<int>(from_top / depth * image.height);
    heights.push_back(y);
    stretches.push_back({y - high / 2, high});
    canvas.fill({image.x, y, image.width, 1}, kLines, 0.55);
  }
  const std::size_t kept = spread(stretches, image.y - high / 2, image.y + image.height + high / 2);
  for (std::size_t n = 0; n < kept; ++n) {
    canvas.line(edge, heights[n], edge + kLead - 3, stretches[n].begin + high / 2.0, kLines);
    canvas.text(edge + kLead, stretches[n].begin,
                fit_text(notes[n].second, Font::small, right - edge - kLead), Font::small, kLines);
  }
}

}  // namespace musclemap::draw
