#include "quant/organs/organ_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "base/warnings.hpp"
#include "quant/label_sweep.hpp"
#include "quant/organs/label_histograms.hpp"
#include "quant/table/number_text.hpp"

namespace musclemap::quant {
namespace {

constexpr std::int64_t kBorder = 3;  // voxels from either end of an axis

// NumPy's round() to 5 decimals.
double five_decimals(double value) {
  constexpr double kUnits = 1e5;
  return std::rint(value * kUnits) / kUnits;
}

// Where a class lies.
struct Place {
  std::int64_t voxels = 0;
  std::array<std::int64_t, 3> sum{};
  std::array<std::array<std::int64_t, 2>, 3> box{};

  void add(std::size_t axis, std::int64_t first, std::int64_t last) {
    auto& [least, most] = box[axis];
    least = voxels == 0 ? first : std::min(least, first);
    most = voxels == 0 ? last : std::max(most, last);
  }
  void add(const image::LabelRun& run, std::int64_t j, std::int64_t k) {
    const std::int64_t count = run.end - run.begin;
    add(0, run.begin, run.end - 1);
    add(1, j, j);
    add(2, k, k);
    sum[0] += count * (run.begin + run.end - 1) / 2;
    sum[1] += count * j;
    sum[2] += count * k;
    voxels += count;
  }
  bool is_at_border(const Index3& shape) const {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if (voxels > 0 && (box[axis][0] < kBorder || box[axis][1] >= shape[axis] - kBorder)) return true;
    }
    return false;
  }
  OrganShape shape() const {
    OrganShape result;
    for (std::size_t axis = 0; axis < 3; ++axis)
      result.centroid[axis] = rounded(static_cast<double>(sum[axis]) / static_cast<double>(voxels), 2);
    result.box = box;
    return result;
  }
};

// What an intensity counts as.
class Scale {
 public:
  Scale(bool normalised, std::int16_t least, std::int16_t largest)
      : normalised_(normalised), least_(least), range_(wrapped(largest - least)) {}
  double operator()(std::int16_t value) const {
    return normalised_ ? wrapped(value - least_) / range_ : static_cast<double>(value);
  }

 private:
  // A difference in 16 bits.
  static double wrapped(int difference) {
    return static_cast<double>(static_cast<std::int16_t>(static_cast<std::uint16_t>(difference)));
  }

  bool normalised_;
  int least_;
  double range_;
};

// Sums of integers are exact, as they are in the original; other sums are rounded once.
template <class Term>
double mean_of(const Int16Histogram& histogram, std::int64_t voxels, const Term& term) {
  long double sum = 0;
  histogram.for_each([&](std::int16_t value, std::int64_t count) {
    sum += static_cast<long double>(count) * static_cast<long double>(term(value));
  });
  return static_cast<double>(sum) / static_cast<double>(voxels);
}

OrganStatistics measured(const Place& place, const LabelHistograms& histograms, std::int32_t label,
                         const Scale& scale, double voxel_mm3, const OrganStatisticsOptions& options) {
  OrganStatistics result;
  const Int16Histogram& histogram = histograms.of(label);
  const double mean = mean_of(histogram, place.voxels, scale);
  const double median = histograms.middle(label).median(scale);
  result.volume_mm3 = static_cast<double>(place.voxels) * voxel_mm3;
  result.intensity = five_decimals(options.median ? median : mean);
  result.voxels = place.voxels;
  const double variance = mean_of(histogram, place.voxels, [&](std::int16_t value) {
    const double distance = scale(value) - mean;
    return distance * distance;
  });
  result.deviation = five_decimals(std::sqrt(variance));
  result.least = std::numeric_limits<double>::infinity();
  result.largest = -result.least;
  histogram.for_each([&](std::int16_t value, std::int64_t) {
    // Wrapped differences need not rise with the values; NaN stays NaN.
    const double scaled = scale(value);
    result.least = scaled >= result.least ? result.least : scaled;
    result.largest = scaled <= result.largest ? result.largest : scaled;
  });
  result.shape = place.shape();
  return result;
}

}  // namespace

std::vector<OrganStatistics> organ_statistics(SlabReader& image, SlabReader& labels,
                                              const std::array<float, 3>& zooms_mm,
                                              const std::vector<OrganClass>& classes,
                                              const OrganStatisticsOptions& options,
                                              const RunControl& control) {
  std::map<std::int32_t, Place> places;
  std::vector<std::int32_t> values;
  for (const OrganClass& each : classes) {
    places[each.value];
    values.push_back(each.value);
  }
  LabelHistograms histograms(values);
  LabelSweep sweep(labels, {&image});
  sweep.run(Stage::measure, control, [&](const SweepSlab& slab) {
    histograms.add(slab);
    for_each_row(slab, [&](const std::vector<image::LabelRun>& runs, std::int64_t j, std::int64_t k) {
      for (const image::LabelRun& run : runs) {
        const auto place = places.find(run.label);
        if (place != places.end()) place->second.add(run, j, slab.k_begin + k);
      }
    });
    return SweepTasks{};
  });
  base::warn(control, sweep.warnings());

  const Scale scale(options.normalised, histograms.least(), histograms.largest());
  const auto voxel_mm3 = static_cast<double>(zooms_mm[0] * zooms_mm[1] * zooms_mm[2]);
  const Index3 shape = labels.geometry().shape;
  std::vector<OrganStatistics> result;
  for (const OrganClass& each : classes) {
    const Place& place = places.at(each.value);
    const bool counts = place.voxels > 0 && (options.border_classes || !place.is_at_border(shape));
    result.push_back(counts ? measured(place, histograms, each.value, scale, voxel_mm3, options)
                            : OrganStatistics());
    result.back().name = each.name;
  }
  return result;
}

}  // namespace musclemap::quant
