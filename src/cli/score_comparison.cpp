#include "cli/score_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace musclemap::cli {
namespace {

std::size_t best_class(const std::vector<float>& scores, std::size_t classes, std::size_t pixel) {
  const std::size_t pixels = scores.size() / classes;
  std::size_t best = 0;
  for (std::size_t c = 1; c < classes; ++c) {
    if (scores[c * pixels + pixel] > scores[best * pixels + pixel]) best = c;
  }
  return best;
}

}  // namespace

double largest_score(const std::vector<float>& scores) {
  double largest = 0;
  for (const float score : scores) largest = std::max(largest, std::abs(static_cast<double>(score)));
  return largest;
}

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double here = std::abs(static_cast<double>(a[i]) - b[i]);
    if (!(here <= largest)) largest = here;
  }
  return largest;
}

double changed_fraction(const std::vector<float>& a, const std::vector<float>& b, std::int64_t classes) {
  const auto count = static_cast<std::size_t>(classes);
  const std::size_t pixels = a.size() / count;
  std::size_t changed = 0;
  for (std::size_t p = 0; p < pixels; ++p) {
    if (best_class(a, count, p) != best_class(b, count, p)) ++changed;
  }
  return static_cast<double>(changed) / static_cast<double>(pixels);
}

}  // namespace musclemap::cli
