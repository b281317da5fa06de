#include "draw/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "draw/number.hpp"
#include "draw/spread.hpp"
#include "draw/style.hpp"

namespace musclemap::draw {
namespace {

constexpr int kLane = 16;
constexpr int kAxis = 22;
constexpr Colour kLineColour{255, 255, 255};

// Digits after the point that tell values `step` apart.
int digits_for(double step) {
  return std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 6);
}

/// Where values lie in the box.
struct Axis {
  Box plot;
  double low;
  double high;
  double at(double value) const { return plot.x + (value - low) / (high - low) * plot.width; }
  bool holds(double value) const { return value >= low && value <= high; }
};

void draw_bars(Canvas& canvas, const Axis& axis, const std::vector<ClassCounts>& bins) {
  std::int64_t highest = 1;
  for (const ClassCounts& bin : bins) {
    highest = std::max(highest, std::accumulate(bin.begin(), bin.end(), std::int64_t{0}));
  }
  const Box& plot = axis.plot;
  const auto edge = [&](std::size_t bin) {
    return plot.x + static_cast<int>(static_cast<std::int64_t>(bin) * plot.width /
                                     static_cast<std::int64_t>(bins.size()));
  };
  for (std::size_t b = 0; b < bins.size(); ++b) {
    std::int64_t sum = 0;
    int y = plot.y + plot.height;
    for (const std::size_t which : {kMuscle, kUndefined, kFat, kNoClass}) {
      sum += bins[b][which];
      // Whatever occurs shows, if only as one line of pixels.
      const std::int64_t pixels = (sum * plot.height + highest - 1) / highest;
      const int top = plot.y + plot.height - static_cast<int>(pixels);
      canvas.fill({edge(b), top, edge(b + 1) - edge(b), y - top},
                  mix(kBackground, kClassColours[which], 0.85));
      y = std::min(y, top);
    }
  }
}

// A number every 1, 2 or 5 times a power of ten, as dense as the numbers leave room.
void draw_axis(Canvas& canvas, const Axis& axis) {
  const Box& plot = axis.plot;
  const int y = plot.y + plot.height;
  canvas.fill({plot.x, y, plot.width, 1}, kFaint);
  const double span = axis.high - axis.low;
  double step = std::pow(10, std::floor(std::log10(span)) - 1);
  if (!(step > 0) || !std::isfinite(step)) return;
  for (int n = 0; n < 12; ++n) {
    const int digits = digits_for(step);
    const int wide = std::max(text_width(decimal(axis.low, digits), Font::small),
                              text_width(decimal(axis.high, digits), Font::small));
    if (step / span * plot.width >= wide + 18) break;
    step *= n % 3 == 1 ? 2.5 : 2;
  }
  for (double value = std::ceil(axis.low / step) * step; value <= axis.high; value += step) {
    const auto x = static_cast<int>(std::lround(axis.at(value)));
    canvas.fill({x, y, 1, 4}, kFaint);
    const double shown = std::fabs(value) < step * 1e-6 ? 0 : value;
    const std::string text = decimal(shown, digits_for(step));
    const int wide = text_width(text, Font::small);
    const int left = std::clamp(x - wide / 2, plot.x, std::max(plot.x, plot.x + plot.width - wide));
    canvas.text(left, y + 5, text, Font::small, kFaint);
    if (value + step <= value) break;
  }
}

void draw_texts(Canvas& canvas, const Axis& axis, std::vector<Threshold> thresholds, int lane, int y) {
  thresholds.erase(std::remove_if(thresholds.begin(), thresholds.end(),
                                  [lane](const Threshold& threshold) { return threshold.lane != lane; }),
                   thresholds.end());
  std::sort(thresholds.begin(), thresholds.end(),
            [](const Threshold& a, const Threshold& b) { return a.value < b.value; });
  std::vector<std::string> texts;
  std::vector<Stretch> stretches;
  const int digits = digits_for((axis.high - axis.low) / 200);
  for (const Threshold& threshold : thresholds) {
    texts.push_back(threshold.name + decimal(threshold.value, digits));
    const int wide = text_width(texts.back(), Font::small) + 10;
    const double x = axis.at(std::clamp(threshold.value, axis.low, axis.high));
    stretches.push_back({static_cast<int>(x) - wide / 2, wide});
  }
  const std::size_t kept = spread(stretches, axis.plot.x, axis.plot.x + axis.plot.width);
  for (std::size_t n = 0; n < kept; ++n) {
    canvas.text(stretches[n].begin + 5, y, texts[n], Font::small, kText);
  }
}

// The bins' range, widened where a threshold lies a little outside.
Axis axis_of(const Histogram& histogram, const std::vector<Threshold>& thresholds, const Box& plot) {
  Axis axis{plot, histogram.low, histogram.high};
  const double most = histogram.high - histogram.low;
  for (const Threshold& threshold : thresholds) {
    if (threshold.value < axis.low && threshold.value >= histogram.low - most / 2) {
      axis.low = threshold.value - most * 0.02;
    }
    if (threshold.value > axis.high && threshold.value <= histogram.high + most / 2) {
      axis.high = threshold.value + most * 0.02;
    }
  }
  return axis;
}

}  // namespace

void draw_threshold_line(Canvas& canvas, int x, int top, int bottom, bool dashed) {
  for (int y = top; y < bottom; ++y) {
    const bool gap = dashed && (y - top) % 7 >= 4;
    if (gap) continue;
    canvas.blend(x - 1, y, {0, 0, 0}, 0.6);
    canvas.blend(x + 1, y, {0, 0, 0}, 0.6);
    canvas.blend(x, y, kLineColour);
  }
}

void draw_histogram(Canvas& canvas, const Box& box, const Histogram& histogram,
                    const std::vector<Threshold>& thresholds) {
  const Box plot{box.x, box.y + 2 * kLane + 2, box.width, box.height - 2 * kLane - 2 - kAxis};
  if (plot.height < 8 || plot.width < 8) return;
  if (histogram.bins.empty()) {
    canvas.text(plot.x, plot.y, "no finite intensities", Font::small, kFaint);
    return;
  }
  const Axis axis = axis_of(histogram, thresholds, plot);
  canvas.fill(plot, {0, 0, 0}, 0.35);
  Axis bars = axis;
  bars.plot.x = static_cast<int>(std::lround(axis.at(histogram.low)));
  bars.plot.width = std::max(1, static_cast<int>(std::lround(axis.at(histogram.high))) - bars.plot.x);
  draw_bars(canvas, bars, histogram.bins);
  draw_axis(canvas, axis);
  for (const Threshold& threshold : thresholds) {
    if (!axis.holds(threshold.value)) continue;
    draw_threshold_line(canvas, static_cast<int>(std::lround(axis.at(threshold.value))), plot.y - 2,
                        plot.y + plot.height, threshold.dashed);
  }
  for (const int lane : {0, 1}) draw_texts(canvas, axis, thresholds, lane, box.y + lane * kLane);
}

}  // namespace musclemap::draw
