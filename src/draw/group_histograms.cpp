#include <algorithm>
#include <cmath>
#include <map>

#include "draw/histogram.hpp"

namespace musclemap::draw {
namespace {

constexpr std::int64_t kSamples = 4096;
constexpr double kBins = 96;

// Calls body(group, grey, class) for every voxel of a group.
template <class Body>
void each_voxel(const Views& views, const std::map<std::int32_t, std::size_t>& group_of, const Body& body) {
  const std::int64_t width = views.shape()[0];
  std::int32_t last = 0;
  auto current = group_of.end();
  views.each_row([&](const Row& row) {
    for (std::int64_t x = 0; x < width; ++x) {
      const std::int32_t label = row.labels[x];
      if (label == 0) continue;
      if (label != last) {
        current = group_of.find(label);
        last = label;
      }
      if (current == group_of.end() || !std::isfinite(row.grey[x])) continue;
      body(current->second, static_cast<double>(row.grey[x]),
           row.tissue == nullptr ? kNoClass : class_of(row.tissue[x]));
    }
  });
}

// The smallest distance of two different values, 0 where they are too dense to have steps.
double step_of(const std::vector<double>& sorted) {
  double step = 0;
  for (std::size_t n = 1; n < sorted.size(); ++n) {
    const double distance = sorted[n] - sorted[n - 1];
    if (distance > 0 && (step == 0 || distance < step)) step = distance;
  }
  return step * 2000 > sorted.back() - sorted.front() ? step : 0;
}

Histogram empty_histogram(std::vector<double>& sample) {
  Histogram histogram;
  if (sample.empty()) return histogram;
  std::sort(sample.begin(), sample.end());
  const auto outer = static_cast<std::size_t>(0.002 * static_cast<double>(sample.size()));
  histogram.low = sample[outer];
  histogram.high = sample[sample.size() - 1 - outer];
  const double step = step_of(sample);
  if (step > 0) {
    // Bins hold the same number of steps each, and their edges lie between the steps.
    const double width = step * std::max(1.0, std::ceil((histogram.high - histogram.low) / step / kBins));
    const double count = std::floor((histogram.high - histogram.low) / width) + 1;
    histogram.low -= step / 2;
    histogram.high = histogram.low + count * width;
    histogram.bins.resize(static_cast<std::size_t>(count));
  } else {
    histogram.bins.resize(static_cast<std::size_t>(kBins));
  }
  if (!(histogram.high > histogram.low)) {
    const double room = std::max(0.5, std::fabs(histogram.low) * 1e-3);
    histogram.low -= room;
    histogram.high += room;
    histogram.bins.resize(1);
  }
  return histogram;
}

}  // namespace

std::vector<Histogram> group_histograms(const Views& views, const std::vector<TissueGroup>& groups) {
  std::map<std::int32_t, std::size_t> group_of;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const TissueMember& member : groups[g].members) group_of.emplace(member.label, g);
  }
  std::vector<std::vector<double>> samples(groups.size());
  std::vector<std::int64_t> seen(groups.size());
  each_voxel(views, group_of, [&](std::size_t g, double grey, std::size_t) {
    const std::int64_t step = (groups[g].voxels + kSamples - 1) / kSamples;
    if (seen[g]++ % step == 0) samples[g].push_back(grey);
  });
  std::vector<Histogram> histograms;
  histograms.reserve(groups.size());
  for (std::vector<double>& sample : samples) histograms.push_back(empty_histogram(sample));
  each_voxel(views, group_of, [&](std::size_t g, double grey, std::size_t which) {
    Histogram& histogram = histograms[g];
    const auto count = static_cast<double>(histogram.bins.size());
    const double bin = (grey - histogram.low) / (histogram.high - histogram.low) * count;
    if (bin >= 0 && bin < count) ++histogram.bins[static_cast<std::size_t>(bin)][which];
  });
  return histograms;
}

}  // namespace musclemap::draw
