// How often intensities occur, divided by tissue class.
#ifndef MUSCLEMAP_DRAW_HISTOGRAM_HPP_
#define MUSCLEMAP_DRAW_HISTOGRAM_HPP_

#include <string>
#include <vector>

#include "draw/canvas.hpp"
#include "draw/tissue_classes.hpp"
#include "draw/tissue_groups.hpp"
#include "draw/views.hpp"

namespace musclemap::draw {

/// Bins of equal width from low to high; what lies beyond them is left out.
struct Histogram {
  double low = 0;
  double high = 0;
  std::vector<ClassCounts> bins;  ///< empty where no intensity is finite
};

/// One histogram a group, in two passes over the volume. The range holds all but the outermost 0.2 % of
/// either end; bins hold whole steps where the intensities have steps.
std::vector<Histogram> group_histograms(const Views& views, const std::vector<TissueGroup>& groups);

/// A vertical line at `value` with a text above.
struct Threshold {
  double value = 0;
  int lane = 0;  ///< 0 or 1: line of the text
  bool dashed = false;
  std::string name;  ///< stands before the number
};

/// Stacked bars, the thresholds over them, numbers below.
void draw_histogram(Canvas& canvas, const Box& box, const Histogram& histogram,
                    const std::vector<Threshold>& thresholds);

/// From one point down to another, `part` of it covered; dashes of 4 pixels where dashed.
void draw_threshold_line(Canvas& canvas, int x, int top, int bottom, bool dashed);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_HISTOGRAM_HPP_
