#include "decode/flows/label_heat.hpp"

#include <cmath>
#include <limits>

namespace musclemap::decode {
namespace {

// The pixel nearest to the mean of all, of equal ones the first.
LabelPixel centre_of(const std::vector<LabelPixel>& pixels) {
  double y_sum = 0;
  double x_sum = 0;
  for (const LabelPixel& each : pixels) {
    y_sum += each.y;
    x_sum += each.x;
  }
  const double y_mean = y_sum / static_cast<double>(pixels.size());
  const double x_mean = x_sum / static_cast<double>(pixels.size());
  LabelPixel centre{};
  double least = std::numeric_limits<double>::infinity();
  for (const LabelPixel& each : pixels) {
    const double dy = each.y - y_mean;
    const double dx = each.x - x_mean;
    const double distance = dx * dx + dy * dy;
    if (distance >= least) continue;
    least = distance;
    centre = each;
  }
  return centre;
}

// The mean of the nine around, in the order in which Cellpose adds them.
void spread_row(const double* above, const double* here, const double* below, const double* share,
                std::int32_t width, double* next) {
  for (std::int32_t x = 1; x <= width; ++x) {
    const double sum = here[x] + above[x] + below[x] + here[x - 1] + here[x + 1] + above[x - 1] +
                       above[x + 1] + below[x - 1] + below[x + 1];
    next[x] = share[x] * sum;
  }
}

}  // namespace

std::array<double, 2> unit_flow(double y_difference, double x_difference) {
  const double length = 1e-60 + std::sqrt(y_difference * y_difference + x_difference * x_difference);
  return {y_difference / length, x_difference / length};
}

void LabelHeat::spread(const std::vector<LabelPixel>& pixels, std::int32_t height, std::int32_t width,
                       std::int64_t steps) {
  stride_ = static_cast<std::size_t>(width) + 2;
  const std::size_t size = (static_cast<std::size_t>(height) + 2) * stride_;
  heat_.assign(size, 0);
  next_.assign(size, 0);
  share_.assign(size, 0);
  for (const LabelPixel& each : pixels) share_[index(each.y, each.x)] = 1. / 9.;
  const LabelPixel middle = centre_of(pixels);
  const std::size_t centre = index(middle.y, middle.x);
  for (std::int64_t step = 0; step < steps; ++step) {
    heat_[centre] += 1;
    for (std::int32_t y = 0; y < height; ++y) {
      const std::size_t row = index(y, -1);
      spread_row(heat_.data() + row - stride_, heat_.data() + row, heat_.data() + row + stride_,
                 share_.data() + row, width, next_.data() + row);
    }
    heat_.swap(next_);
  }
}

}  // namespace musclemap::decode
