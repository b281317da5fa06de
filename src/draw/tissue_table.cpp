#include "draw/tissue_table.hpp"

#include <algorithm>
#include <array>

#include "draw/histogram.hpp"
#include "draw/number.hpp"
#include "draw/style.hpp"
#include "draw/text_lines.hpp"

namespace musclemap::draw {
namespace {

constexpr int kHead = 21;
constexpr int kTableLine = 18;
constexpr std::size_t kMostMembers = 4;
constexpr int kSampleWidth = 14;
constexpr Colour kDoubt{255, 170, 70};

/// Right edges of the columns.
struct Columns {
  int volume;
  std::array<int, kClasses> share;
  int section;
};

Columns columns_of(const Box& box, bool undefined) {
  // Widths that hold the headings and the widest numbers; what is left over is shared out.
  const int count = undefined ? 5 : 4;
  const int extra = std::max(0, box.width - (undefined ? 342 : 278)) / count;
  Columns columns{};
  int at = box.x + 100 + extra;
  columns.volume = at;
  columns.share[kMuscle] = at += 72 + extra;
  if (undefined) columns.share[kUndefined] = at += 64 + extra;
  columns.share[kFat] = at += 52 + extra;
  columns.section = std::max(at + 54, box.x + box.width);
  return columns;
}

void text_until(Canvas& canvas, int right, int y, const std::string& text, const Colour& colour) {
  canvas.text(right - text_width(text, Font::small), y, text, Font::small, colour);
}

void draw_head(Canvas& canvas, const Box& box, const Columns& columns, bool undefined) {
  text_until(canvas, columns.volume, box.y, "ml", kFaint);
  text_until(canvas, columns.section, box.y, "mm2", kFaint);
  const std::array<std::string, kClasses> titles{"", "muscle", "undef.", "fat"};
  for (const std::size_t which : {kMuscle, kUndefined, kFat}) {
    if (which == kUndefined && !undefined) continue;
    const int right = columns.share[which];
    text_until(canvas, right, box.y, titles[which], kFaint);
    const int left = right - text_width(titles[which], Font::small);
    canvas.fill({left - 13, box.y + 4, 9, 9}, kClassColours[which]);
  }
  canvas.fill({box.x, box.y + kHead - 3, box.width, 1}, kRule);
}

// The side, or the label's number where two labels of the group have the same side.
std::string member_name(const TissueGroup& group, const TissueMember& member) {
  const auto same = std::count_if(group.members.begin(), group.members.end(),
                                  [&](const TissueMember& other) { return other.side == member.side; });
  if (same > 1) return std::to_string(member.label);
  return member.side.empty() ? "all" : member.side;
}

std::int64_t divided_voxels(const TissueMember& member) {
  return member.classes[kMuscle] + member.classes[kUndefined] + member.classes[kFat];
}

// Why there are no shares; empty where there are.
std::string reason_of(const TissueMember& member) {
  if (member.fit != nullptr && !member.fit->divided()) return status_text(member.fit->status);
  if (divided_voxels(member) > 0) return "";
  return member.fit == nullptr ? "not divided" : "no voxel left";
}

std::string remark_of(const TissueMember& member) {
  if (member.fit == nullptr || !reason_of(member).empty()) return "";
  if (member.fit->status != LabelStatus::ok) return status_text(member.fit->status);
  return member.fit->stable ? "" : "doubtful: other starts divide otherwise";
}

double percent_of(const TissueMember& member, std::size_t which) {
  if (member.percent != nullptr) return (*member.percent)[which - kMuscle];
  return 100.0 * static_cast<double>(member.classes[which]) / static_cast<double>(divided_voxels(member));
}

void draw_member(Canvas& canvas, const Box& line, const Columns& columns, const Views& views,
                 const TissueGroup& group, const TissueMember& member, const TissueOptions& options) {
  const bool divided = member.fit != nullptr && member.fit->divided();
  const bool dashed = member.side == "left";
  if (divided && options.method != TissueMethod::hu) {
    // As the lines in the histogram.
    for (int x = 0; x < kSampleWidth; ++x) {
      if (!dashed || x % 5 < 3) canvas.fill({line.x + x, line.y + 8, 1, 2}, {255, 255, 255});
    }
  }
  canvas.text(line.x + kSampleWidth + 5, line.y, member_name(group, member), Font::small, kText);
  const std::string reason = reason_of(member);
  const std::int64_t voxels = divided ? divided_voxels(member) : member.voxels;
  text_until(canvas, columns.volume, line.y, decimal(static_cast<double>(voxels) * views.voxel_ml(), 1),
             kText);
  text_until(canvas, columns.section, line.y,
             decimal(static_cast<double>(member.largest_section) * views.section_mm2(), 0), kText);
  if (!reason.empty()) {
    const bool bone = member.fit != nullptr && member.fit->status == LabelStatus::bone;
    canvas.text(columns.volume + 12, line.y,
                fit_text(reason, Font::small, columns.share[kFat] - columns.volume - 8), Font::small,
                bone ? kFaint : kDoubt);
    return;
  }
  for (const std::size_t which : {kMuscle, kUndefined, kFat}) {
    if (which == kUndefined && !has_undefined(options)) continue;
    const double share = percent_of(member, which);
    text_until(canvas, columns.share[which], line.y, decimal(share, 1) + "%", kText);
  }
}

}  // namespace

int table_rows(const TissueGroup& group) {
  const std::size_t shown = std::min(kMostMembers, group.members.size());
  int rows = static_cast<int>(shown) + static_cast<int>(group.members.size() > shown);
  for (std::size_t m = 0; m < shown; ++m) rows += static_cast<int>(!remark_of(group.members[m]).empty());
  return rows;
}

int table_height(int rows) { return kHead + rows * kTableLine; }

void draw_tissue_table(Canvas& canvas, const Box& box, const Views& views, const TissueGroup& group,
                       const TissueOptions& options) {
  if (group.members.empty()) return;
  const bool undefined = has_undefined(options);
  const Columns columns = columns_of(box, undefined);
  draw_head(canvas, box, columns, undefined);
  Box line{box.x, box.y + kHead, box.width, kTableLine};
  const std::size_t shown = std::min(kMostMembers, group.members.size());
  for (std::size_t m = 0; m < shown; ++m) {
    draw_member(canvas, line, columns, views, group, group.members[m], options);
    line.y += kTableLine;
    const std::string remark = remark_of(group.members[m]);
    if (remark.empty()) continue;
    canvas.text(line.x + kSampleWidth + 5, line.y,
                fit_text(remark, Font::small, line.width - kSampleWidth - 5), Font::small, kDoubt);
    line.y += kTableLine;
  }
  if (group.members.size() > shown) {
    canvas.text(line.x + kSampleWidth + 5, line.y,
                "and " + std::to_string(group.members.size() - shown) + " more labels", Font::small, kFaint);
  }
}

}  // namespace musclemap::draw
