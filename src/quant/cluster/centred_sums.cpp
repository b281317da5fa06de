#include "quant/cluster/centred_sums.hpp"

#include <algorithm>
#include <cmath>

namespace musclemap::quant {
namespace {

double nearest_to_mean(const DistinctValues& values) {
  long double sum = 0;
  std::int64_t weight = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum += static_cast<long double>(values.count[i]) * static_cast<long double>(values.value[i]);
    weight += values.count[i];
  }
  const long double mean = sum / static_cast<long double>(weight);
  const auto above = std::lower_bound(values.value.begin(), values.value.end(), mean,
                                      [](double value, long double m) { return value < m; });
  if (above == values.value.begin()) return *above;
  if (above == values.value.end()) return *(above - 1);
  return *above - mean < mean - *(above - 1) ? *above : *(above - 1);
}

}  // namespace

CentredSums::CentredSums(const DistinctValues& values)
    : origin_(nearest_to_mean(values)), size_(values.size()), entries_(new Entry[values.size() + 1]) {
  // The running sums stay in registers: entries read again would come back from memory at every step.
  Entry until{0, 0, 0};
  entries_[0] = until;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const long double x = static_cast<long double>(values.value[i]) - static_cast<long double>(origin_);
    const auto weighted = static_cast<long double>(values.count[i]) * x;
    until.weight += values.count[i];
    until.sum += weighted;
    until.square += weighted * x;
    Entry& entry = entries_[i + 1];
    entry.weight = until.weight;
    entry.sum = until.sum;
    entry.square = until.square;
  }
}

long double CentredSums::variance(std::size_t begin, std::size_t end) const {
  if (end - begin == 1) return 0;
  const auto w = static_cast<long double>(weight(begin, end));
  return std::max((square(begin, end) - gain(begin, end)) / w, 0.0L);
}

}  // namespace musclemap::quant
