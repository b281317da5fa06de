// After SizeModel of cellpose/models.py and diameters() of cellpose/utils.py.
#include "task/cells/cell_diameter.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "image/labels/label_sizes.hpp"
#include "musclemap/error.hpp"

namespace musclemap::task {
namespace {

constexpr double kLeastDiameter = 5;
constexpr double kPi = 3.14159265358979323846;

}  // namespace

double diameter_of_style(const io::CellSizeModel& model, const std::vector<float>& style) {
  if (style.size() != model.a.size()) {
    throw Error(ErrorCode::model, Reason::model,
                "the size model is for styles of " + std::to_string(model.a.size()) +
                    " numbers; the network's has " + std::to_string(style.size()));
  }
  double sum = 0;
  for (std::size_t i = 0; i < style.size(); ++i) {
    sum += model.a[i] * (static_cast<double>(style[i]) - model.mean_style[i]);
  }
  const double diameter = std::exp(sum + std::log(model.diam_mean) + model.mean_log);
  return std::isnan(diameter) ? model.diam_mean : std::max(kLeastDiameter, diameter);
}

double median_diameter(const std::vector<std::uint32_t>& labels, CellCompat compat) {
  const std::vector<std::int64_t> sizes = image::label_sizes(labels);
  std::vector<double> roots;
  for (std::size_t label = 1; label < sizes.size(); ++label) {
    if (sizes[label] > 0) roots.push_back(std::sqrt(static_cast<double>(sizes[label])));
  }
  const bool full = !sizes.empty() && sizes[0] == 0;
  if (compat == CellCompat::v3_1_1_2 && full && !roots.empty()) roots.erase(roots.begin());
  if (roots.empty()) return 0;
  std::sort(roots.begin(), roots.end());
  const std::size_t middle = roots.size() / 2;
  const double median = roots.size() % 2 != 0 ? roots[middle] : (roots[middle - 1] + roots[middle]) / 2;
  return median / (std::sqrt(kPi) / 2);
}

}  // namespace musclemap::task
