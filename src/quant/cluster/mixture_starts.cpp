#include "quant/cluster/mixture_starts.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "quant/cluster/value_bins.hpp"

namespace musclemap::quant {
namespace {

// docs/chains/metrics.md, section 12.3.
constexpr std::size_t kBins = 4096;
constexpr std::int64_t kCentres = 12;  // in each list

using Centres = std::array<long double, 3>;

// Lloyd's k-means on values or bins, which stand at their means. What follows a division is a function of the
// division alone, so that each is worked out once, from however many starts it is reached.
class Lloyd {
 public:
  Lloyd(const DistinctValues& values, const CentredSums& sums, int k)
      : sums_(sums),
        border_(bin_borders(values.value, kBins)),
        k_(k),
        tolerance_(1e-4L * sums.variance(0, sums.size())) {
    place_.reserve(bins());
    for (std::size_t bin = 0; bin < bins(); ++bin) {
      place_.push_back(sums.mean(border_[bin], border_[bin + 1]));
    }
  }

  std::size_t bins() const { return border_.size() - 1; }
  /// Adds the divisions, by bins, that Lloyd reaches from these centres with either stop rule.
  void run(const Centres& centres, std::vector<Splits>& reached);
  /// Splits among the values for splits among the bins, and back: the bin that holds the split.
  Splits to_values(const Splits& splits) const { return {border_[splits[0]], border_[splits[1]]}; }
  Splits to_bins(const Splits& splits) const;

 private:
  // What follows a division.
  struct Node {
    std::optional<Splits>
        next;             // with the nearest centre for each bin; none if a cluster lost all its values
    bool close = false;   // the centres of `next` are near enough to end under the original's rule
    bool walked = false;  // the ends are known
    std::optional<Splits> fixed;  // end under the strict rule
    std::optional<Splits> early;  // end under the original's rule
  };

  std::optional<Splits> assign(const Centres& centres) const;
  Centres means(const Splits& splits) const;
  bool close(const Centres& a, const Centres& b) const;
  Node& node(const Splits& splits);
  Node& walk(const Splits& splits);

  const CentredSums& sums_;
  std::vector<std::size_t> border_;
  std::vector<long double> place_;
  int k_;
  long double tolerance_;
  std::unordered_map<std::uint64_t, Node> nodes_;
};

// A value at a midpoint goes to the lower cluster.
std::optional<Splits> Lloyd::assign(const Centres& centres) const {
  Splits splits{bins(), bins()};
  std::size_t begin = 0;
  for (std::size_t i = 0; i + 1 < static_cast<std::size_t>(k_); ++i) {
    const long double midpoint = (centres[i] + centres[i + 1]) / 2;
    const auto end = std::upper_bound(place_.begin(), place_.end(), midpoint) - place_.begin();
    splits[i] = static_cast<std::size_t>(end);
    if (splits[i] <= begin) return std::nullopt;
    begin = splits[i];
  }
  if (begin == bins()) return std::nullopt;
  return splits;
}

Centres Lloyd::means(const Splits& splits) const {
  const Splits at = to_values(splits);
  Centres centres{sums_.mean(0, at[0]), sums_.mean(at[0], at[1]), 0};
  if (k_ == 3) centres[2] = sums_.mean(at[1], sums_.size());
  return centres;
}

bool Lloyd::close(const Centres& a, const Centres& b) const {
  long double shift = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(k_); ++i) shift += (a[i] - b[i]) * (a[i] - b[i]);
  return shift <= tolerance_;
}

Lloyd::Node& Lloyd::node(const Splits& splits) {
  const std::uint64_t key = splits[0] * std::uint64_t{border_.size()} + splits[1];
  const auto [found, added] = nodes_.try_emplace(key);
  if (added) {
    const Centres centres = means(splits);
    found->second.next = assign(centres);
    if (found->second.next) found->second.close = close(centres, means(*found->second.next));
  }
  return found->second;
}

// The inner k-means of docs/chains/metrics.md, section 11.2: it ends when the labels repeat; else, when the
// centres have hardly moved, after one more assignment.
Lloyd::Node& Lloyd::walk(const Splits& splits) {
  std::vector<Splits> way;
  Splits at = splits;
  while (!node(at).walked) {
    Node& here = node(at);
    here.walked = true;  // also what ends a circle, should rounding make one
    way.push_back(at);
    if (!here.next || *here.next == at) {
      here.fixed = here.early = here.next;
      break;
    }
    here.fixed = here.early = at;
    at = *here.next;
  }
  for (auto step = way.rbegin(); step != way.rend(); ++step) {
    Node& here = node(*step);
    if (!here.next || *here.next == *step) continue;
    const Node& after = node(*here.next);
    here.fixed = after.fixed;
    here.early = here.close ? after.next : after.early;
  }
  return node(splits);
}

void Lloyd::run(const Centres& centres, std::vector<Splits>& reached) {
  const std::optional<Splits> first = assign(centres);
  if (!first) return;
  const Node& start = walk(*first);
  if (start.fixed) reached.push_back(*start.fixed);
  const std::optional<Splits>& early = close(centres, means(*first)) ? start.next : start.early;
  if (early) reached.push_back(*early);
}

Splits Lloyd::to_bins(const Splits& splits) const {
  Splits result{};
  for (std::size_t i = 0; i < splits.size(); ++i) {
    const auto after = std::upper_bound(border_.begin(), border_.end(), splits[i]);
    result[i] = static_cast<std::size_t>(after - border_.begin()) - 1;
  }
  return result;
}

// The first value at which the cumulative count reaches (i + 0.5) / 12 of the voxels, for i = 0 to 11.
std::vector<long double> quantiles(const DistinctValues& values, const CentredSums& sums) {
  std::vector<long double> result;
  result.reserve(kCentres);
  const std::int64_t total = sums.weight(0, sums.size());
  std::size_t value = 0;
  for (std::int64_t i = 0; i < kCentres; ++i) {
    while (2 * kCentres * sums.weight(0, value + 1) < (2 * i + 1) * total) ++value;
    result.push_back(static_cast<long double>(values.value[value]) - static_cast<long double>(sums.origin()));
  }
  return result;
}

std::vector<long double> equidistant(const DistinctValues& values, const CentredSums& sums) {
  std::vector<long double> result;
  result.reserve(kCentres);
  const auto low = static_cast<long double>(values.value.front()) - static_cast<long double>(sums.origin());
  const auto high = static_cast<long double>(values.value.back()) - static_cast<long double>(sums.origin());
  for (std::int64_t i = 0; i < kCentres; ++i) {
    result.push_back(low + (high - low) * (static_cast<long double>(i) + 0.5L) / kCentres);
  }
  return result;
}

// Every increasing choice of k from the list.
void run_subsets(const std::vector<long double>& list, int k, Lloyd& lloyd, std::vector<Splits>& reached) {
  for (std::size_t a = 0; a < list.size(); ++a) {
    for (std::size_t b = a + 1; b < list.size(); ++b) {
      if (!(list[a] < list[b])) continue;
      if (k == 2) lloyd.run({list[a], list[b], 0}, reached);
      for (std::size_t c = b + 1; k == 3 && c < list.size(); ++c) {
        if (list[b] < list[c]) lloyd.run({list[a], list[b], list[c]}, reached);
      }
    }
  }
}

}  // namespace

std::vector<Splits> mixture_starts(const DistinctValues& values, const CentredSums& sums, int k,
                                   const Splits& optimum) {
  Lloyd lloyd(values, sums, k);
  std::vector<Splits> reached;
  run_subsets(quantiles(values, sums), k, lloyd, reached);
  run_subsets(equidistant(values, sums), k, lloyd, reached);
  std::sort(reached.begin(), reached.end());
  reached.erase(std::unique(reached.begin(), reached.end()), reached.end());
  const Splits same = lloyd.to_bins(optimum);
  std::vector<Splits> starts{optimum};
  for (const Splits& splits : reached) {
    if (splits != same) starts.push_back(lloyd.to_values(splits));
  }
  std::sort(starts.begin(), starts.end());
  return starts;
}

}  // namespace musclemap::quant
