#include "quant/organs/label_histograms.hpp"

#include <algorithm>

#include "image/typed_view.hpp"

namespace musclemap::quant {
namespace {

// Value of the voxel at `rank` of the sorted ones.
std::int16_t value_at(const Int16Histogram& histogram, std::int64_t rank) {
  std::int64_t below = 0;
  std::int16_t found = 0;
  histogram.for_each([&](std::int16_t value, std::int64_t count) {
    if (below <= rank) found = value;
    below += count;
  });
  return found;
}

}  // namespace

std::int16_t wrapped_int16(double value) {
  constexpr double kLimit = 2147483648.0;
  if (!(value > -kLimit - 1 && value < kLimit)) return 0;
  return static_cast<std::int16_t>(static_cast<std::uint32_t>(static_cast<std::int32_t>(value)));
}

LabelHistograms::LabelHistograms(const std::vector<std::int32_t>& labels) {
  for (const std::int32_t label : labels) counts_[label];
}

void LabelHistograms::add(const SweepSlab& slab) {
  const Index3& n = slab.labels.geometry().shape;
  std::vector<std::int16_t> row(static_cast<std::size_t>(n[0]));
  image::with_view(slab.values[0], [&](const auto& values) {
    for_each_row(slab, [&](const std::vector<image::LabelRun>& runs, std::int64_t j, std::int64_t k) {
      for (std::int64_t i = 0; i < n[0]; ++i) {
        row[static_cast<std::size_t>(i)] = wrapped_int16(static_cast<double>(values(i, j, k)));
      }
      const auto [least, largest] = std::minmax_element(row.begin(), row.end());
      least_ = std::min(least_, *least);
      largest_ = std::max(largest_, *largest);
      for (const image::LabelRun& run : runs) {
        const auto found = counts_.find(run.label);
        if (found == counts_.end()) continue;
        for (std::int64_t i = run.begin; i < run.end; ++i) {
          found->second.add(row[static_cast<std::size_t>(i)]);
        }
      }
    });
  });
}

std::int64_t LabelHistograms::voxels(std::int32_t label) const {
  const auto found = counts_.find(label);
  if (found == counts_.end()) return 0;
  std::int64_t sum = 0;
  found->second.for_each([&](std::int16_t, std::int64_t count) { sum += count; });
  return sum;
}

MiddleValues LabelHistograms::middle(std::int32_t label) const {
  const Int16Histogram& counts = counts_.at(label);
  const std::int64_t count = voxels(label);
  return {value_at(counts, (count - 1) / 2), value_at(counts, count / 2)};
}

}  // namespace musclemap::quant
