#include "decode/amg/mask_runs.hpp"

#include <algorithm>
#include <cstddef>

#include "base/checked.hpp"
#include "image/labels/label_runs.hpp"

namespace musclemap::decode {
namespace {

// Of a row, and which of its pixels are above 0.
struct LogitCounts {
  std::int32_t high = 0;  // above 1
  std::int32_t low = 0;   // above -1
  std::int32_t mask = 0;  // above 0
};

// Without a branch, so that the compiler compares as many logits at a time as a vector holds.
LogitCounts count_logits(const float* row, std::int64_t columns, std::uint8_t* mask) {
  LogitCounts counts;
  for (std::int64_t x = 0; x < columns; ++x) {
    counts.high += row[x] > 1.0F ? 1 : 0;
    counts.low += row[x] > -1.0F ? 1 : 0;
    counts.mask += row[x] > 0.0F ? 1 : 0;
  }
  if (counts.mask == 0) return counts;
  for (std::int64_t x = 0; x < columns; ++x) mask[x] = row[x] > 0.0F ? 1 : 0;
  return counts;
}

void widen_box(const MaskRun& run, SamMask* mask) {
  const std::int64_t y = run.y;
  const std::int64_t begin = run.begin;
  const std::int64_t last = std::int64_t{run.end} - 1;
  auto& [x0, y0, x1, y1] = mask->box;
  if (mask->runs.empty()) mask->box = {begin, y, last, y};
  x0 = std::min(x0, begin);
  x1 = std::max(x1, last);
  y1 = y;
}

}  // namespace

SamMask reduce_logits(const std::function<const float*(std::int64_t y)>& row,
                      const image::PlaneShape& shape) {
  SamMask mask;
  std::int64_t high = 0;
  std::int64_t low = 0;
  std::vector<std::uint8_t> inside(static_cast<std::size_t>(shape[1]));
  std::vector<image::LabelRun> runs;
  base::checked_cast<std::int32_t>(shape[1]);
  for (std::int64_t y = 0; y < shape[0]; ++y) {
    const LogitCounts counts = count_logits(row(y), shape[1], inside.data());
    high += counts.high;
    low += counts.low;
    mask.area += counts.mask;
    if (counts.mask == 0) continue;
    const VoxelView<std::uint8_t> view{inside.data(), {shape[1], 1, 1}, {1, shape[1], shape[1]}};
    image::find_runs(view, 0, 0, &runs);
    for (const image::LabelRun& each : runs) {
      const MaskRun run{base::checked_cast<std::uint32_t>(y), static_cast<std::uint32_t>(each.begin),
                        static_cast<std::uint32_t>(each.end)};
      widen_box(run, &mask);
      mask.runs.push_back(run);
    }
  }
  mask.stability = static_cast<float>(high) / static_cast<float>(low);
  return mask;
}

}  // namespace musclemap::decode
