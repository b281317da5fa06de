#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "quant/radiomics/radiomics.hpp"

namespace musclemap::quant {
namespace {

constexpr double kBinWidth = 25;

/// Of ascending values, linear between neighbours.
double percentile(const std::vector<double>& sorted, double percent) {
  const double at = percent / 100 * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - std::floor(at)) * (sorted[above] - sorted[below]);
}

template <class Term>
double mean_over(const std::vector<double>& values, const Term& term) {
  double sum = 0;
  for (const double value : values) sum += term(value);
  return sum / static_cast<double>(values.size());
}

double mean_absolute_deviation(const std::vector<double>& values) {
  const double mean = mean_over(values, [](double value) { return value; });
  return mean_over(values, [&](double value) { return std::fabs(value - mean); });
}

/// Numbers that an integer type holds; 0 for other types.
double numbers_of(DType dtype) {
  constexpr double kByte = 256;
  if (dtype == DType::u8) return kByte;
  if (dtype == DType::i16 || dtype == DType::u16) return kByte * kByte;
  return dtype == DType::i32 || dtype == DType::u32 ? kByte * kByte * kByte * kByte : 0;
}

/// A difference as the type keeps it.
double wrapped(double difference, DType dtype) {
  const double numbers = numbers_of(dtype);
  if (numbers == 0) return difference;
  const bool is_signed = dtype == DType::i16 || dtype == DType::i32;
  const double least = is_signed ? -numbers / 2 : 0;
  return difference - std::floor((difference - least) / numbers) * numbers;
}

/// pyradiomics makes its bins with NumPy, in the image's own type: where that cannot hold the range of the
/// values and two bins more, their length wraps, and what lies behind them shares one.
class Bins {
 public:
  Bins(const std::vector<double>& sorted, DType dtype)
      : low_(std::floor(sorted.front() / kBinWidth) * kBinWidth) {
    edges_ = std::max(0.0, std::ceil(wrapped(sorted.back() + 2 * kBinWidth - low_, dtype) / kBinWidth));
  }
  double bin_of(double value) const {
    // NumPy's single edge becomes two.
    if (edges_ == 1) return value < low_ + 0.5 ? 1 : 2;
    return std::min(std::floor((value - low_) / kBinWidth) + 1, edges_);
  }

 private:
  double low_;
  double edges_;
};

/// The share of every bin that is not empty.
std::vector<double> bin_shares(const std::vector<double>& values, const Bins& bins) {
  std::map<double, double> counts;
  for (const double value : values) ++counts[bins.bin_of(value)];
  std::vector<double> shares;
  shares.reserve(counts.size());
  for (const auto& bin : counts) shares.push_back(bin.second / static_cast<double>(values.size()));
  return shares;
}

}  // namespace

std::vector<double> first_order_features(const Region& region) {
  const std::vector<double>& values = region.values;
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  const double p10 = percentile(sorted, 10);
  const double p90 = percentile(sorted, 90);
  const double mean = mean_over(values, [](double value) { return value; });
  const auto moment = [&](int power) {
    return mean_over(values, [&](double value) { return std::pow(value - mean, power); });
  };
  const double variance = moment(2);
  // A flat region has neither skewness nor kurtosis.
  const double spread = variance == 0 ? 1 : variance;
  std::vector<double> robust;
  std::copy_if(values.begin(), values.end(), std::back_inserter(robust),
               [&](double value) { return value >= p10 && value <= p90; });
  double entropy = 0;
  double uniformity = 0;
  for (const double share : bin_shares(values, Bins(sorted, region.dtype))) {
    entropy -= share * std::log2(share + std::numeric_limits<double>::epsilon());
    uniformity += share * share;
  }
  const double squares = mean_over(values, [](double value) { return value * value; });
  const double energy = squares * static_cast<double>(values.size());
  const double voxel_mm3 = region.spacing[0] * region.spacing[1] * region.spacing[2];
  return {p10,
          p90,
          energy,
          entropy,
          percentile(sorted, 75) - percentile(sorted, 25),
          moment(4) / (spread * spread),
          sorted.back(),
          mean_absolute_deviation(values),
          mean,
          percentile(sorted, 50),
          sorted.front(),
          sorted.back() - sorted.front(),
          mean_absolute_deviation(robust),
          std::sqrt(squares),
          moment(3) / std::pow(spread, 1.5),
          energy * voxel_mm3,
          uniformity,
          variance};
}

}  // namespace musclemap::quant
