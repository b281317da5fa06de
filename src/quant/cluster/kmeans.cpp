// The smallest sum of squares within clusters is the largest gain: total - inertia = sum over the clusters of
// S^2 / W, with S the sum of the cluster's values and W their number (docs/chains/metrics.md, section 12.2).
#include "quant/cluster/kmeans.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace musclemap::quant {
namespace {

// Gains nearer to each other than this fraction are equal: mathematically equal ones differ by rounding, some
// 1e-19 in long double.
constexpr long double kTie = 1e-16L;
// An upper bound that falls short of the best gain by more than this fraction excludes a tie, too.
constexpr long double kSlack = 1e-15L;
constexpr std::size_t kMostBlocks = 128;  // for each split, of a coarse search

// The best pair of splits so far.
class Best {
 public:
  void offer(long double gain, const Splits& splits) {
    if (gain > gain_ * (1 + kTie)) {
      splits_ = splits;
    } else if (gain >= gain_ * (1 - kTie) && splits < splits_) {
      splits_ = splits;
    }
    gain_ = std::max(gain_, gain);
  }
  long double gain() const { return gain_; }
  const Splits& splits() const { return splits_; }

 private:
  long double gain_ = -1;
  Splits splits_{};
};

// Candidates for one split: first to last, both included.
struct Range {
  std::size_t first;
  std::size_t last;
  std::size_t size() const { return last - first + 1; }
};

// Candidates in blocks of nearly equal length.
std::vector<Range> blocks_of(const Range& range, std::size_t most) {
  const std::size_t count = std::min(most, range.size());
  std::vector<Range> blocks;
  blocks.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    blocks.push_back(
        {range.first + range.size() * i / count, range.first + range.size() * (i + 1) / count - 1});
  }
  return blocks;
}

// Of the candidates in this block none gains more: the values that lie between the first and the last one may
// be left out of the cost, whatever the split, and what remains falls into fixed clusters.
long double upper_bound(const CentredSums& sums, const Range& block) {
  return sums.gain(0, block.first) + sums.square(block.first, block.last) +
         sums.gain(block.last, sums.size());
}

Splits best_of_two(const CentredSums& sums) {
  const std::size_t size = sums.size();
  const std::vector<Range> blocks = blocks_of({1, size - 1}, kMostBlocks);
  long double lower_bound = 0;
  for (const Range& block : blocks) {
    lower_bound = std::max(lower_bound, sums.gain(0, block.first) + sums.gain(block.first, size));
  }
  Best best;
  for (const Range& block : blocks) {
    if (upper_bound(sums, block) < lower_bound * (1 - kSlack)) continue;
    for (std::size_t i = block.first; i <= block.last; ++i) {
      const auto low_weight = static_cast<long double>(sums.weight(0, i));
      const auto high_weight = static_cast<long double>(sums.weight(i, size));
      const long double low = sums.sum(0, i);
      const long double high = sums.sum(i, size);
      best.offer((low * low * high_weight + high * high * low_weight) / (low_weight * high_weight),
                 {i, size});
    }
  }
  return best.splits();
}

// What a block of candidates adds to an upper bound whatever the other split is.
struct Block {
  Range range;
  long double outside;  // gain of what lies before a first split's block, or after a second one's
  long double inside;   // sum of squares between the first candidate and the last
};

// The search for two splits inside a rectangle of candidates: first a coarse one that cuts the rectangle,
// then divide and conquer in what is left.
class TwoSplits {
 public:
  explicit TwoSplits(const CentredSums& sums)
      : sums_(sums), first_{1, sums.size() - 2}, second_{2, sums.size() - 1} {}
  Splits search();

 private:
  using Blocks = std::vector<Block>;
  static constexpr std::size_t kSmall = 4096;  // candidates that need no coarse search

  bool shrink();
  Blocks first_blocks() const;
  Blocks second_blocks() const;
  void raise_lower_bound(const Blocks& first, const Blocks& second);
  long double upper_bound(const Block& first, const Block& second) const;
  void divide(const Range& second, const Range& first);

  const CentredSums& sums_;
  Range first_;
  Range second_;
  long double lower_bound_ = 0;
  std::vector<long double> first_gain_;
  Best best_;
};

Splits TwoSplits::search() {
  while (std::max(first_.size(), second_.size()) > kSmall && shrink()) continue;
  first_gain_.resize(first_.size());
  for (std::size_t i = first_.first; i <= first_.last; ++i) first_gain_[i - first_.first] = sums_.gain(0, i);
  divide(second_, first_);
  return best_.splits();
}

TwoSplits::Blocks TwoSplits::first_blocks() const {
  Blocks blocks;
  for (const Range& range : blocks_of(first_, kMostBlocks)) {
    blocks.push_back({range, sums_.gain(0, range.first), sums_.square(range.first, range.last)});
  }
  return blocks;
}

TwoSplits::Blocks TwoSplits::second_blocks() const {
  Blocks blocks;
  for (const Range& range : blocks_of(second_, kMostBlocks)) {
    blocks.push_back({range, sums_.gain(range.last, sums_.size()), sums_.square(range.first, range.last)});
  }
  return blocks;
}

// The same for pairs of splits from two blocks.
long double TwoSplits::upper_bound(const Block& first, const Block& second) const {
  if (first.range.last >= second.range.first) {
    const std::size_t last = std::max(first.range.last, second.range.last);
    return first.outside + sums_.square(first.range.first, last) + sums_.gain(last, sums_.size());
  }
  return first.outside + first.inside + sums_.gain(first.range.last, second.range.first) + second.inside +
         second.outside;
}

void TwoSplits::raise_lower_bound(const Blocks& first, const Blocks& second) {
  for (const Block& b : second) {
    const std::size_t j = b.range.first;
    const long double high = sums_.gain(j, sums_.size());
    for (const Block& a : first) {
      const std::size_t i = a.range.first;
      if (i >= j) break;
      lower_bound_ = std::max(lower_bound_, a.outside + sums_.gain(i, j) + high);
    }
  }
}

// Cuts the rectangle to the blocks that may hold the best pair. False if that no longer pays.
bool TwoSplits::shrink() {
  const Blocks first = first_blocks();
  const Blocks second = second_blocks();
  raise_lower_bound(first, second);
  Range kept_first{first_.last, first_.first};
  Range kept_second{second_.last, second_.first};
  for (const Block& one : first) {
    for (const Block& other : second) {
      const Range& a = one.range;
      const Range& b = other.range;
      if (a.first >= b.last || upper_bound(one, other) < lower_bound_ * (1 - kSlack)) continue;
      kept_first = {std::min(kept_first.first, a.first), std::max(kept_first.last, a.last)};
      kept_second = {std::min(kept_second.first, b.first), std::max(kept_second.last, b.last)};
    }
  }
  const std::size_t before = first_.size() + second_.size();
  // Numbers beyond the range of long double leave nothing.
  if (kept_first.first > kept_first.last || kept_second.first > kept_second.last) return false;
  first_ = kept_first;
  second_ = kept_second;
  return first_.size() + second_.size() < before - before / 4;
}

// The best first split never falls as the second rises (the gain is a concave Monge array), so that the best
// one for the middle of `second` bounds those of its halves. Of equal ones the smallest keeps that order.
void TwoSplits::divide(const Range& second, const Range& first) {
  const std::size_t j = second.first + (second.last - second.first) / 2;
  const std::size_t last = std::min(first.last, j - 1);
  std::size_t chosen = first.first;
  if (first.first <= last) {
    long double most = -1;
    for (std::size_t i = first.first; i <= last; ++i) {
      const long double gain = first_gain_[i - first_.first] + sums_.gain(i, j);
      if (gain > most * (1 + kTie)) {
        most = gain;
        chosen = i;
      }
    }
    best_.offer(most + sums_.gain(j, sums_.size()), {chosen, j});
  }
  // Without a candidate below j there is none for the lower half either.
  if (second.first < j && first.first <= last) divide({second.first, j - 1}, {first.first, chosen});
  if (j < second.last) divide({j + 1, second.last}, {chosen, first.last});
}

}  // namespace

Splits best_splits(const CentredSums& sums, int k) {
  return k == 2 ? best_of_two(sums) : TwoSplits(sums).search();
}

double inertia(const DistinctValues& values, const CentredSums& sums, const Splits& splits) {
  const std::array<std::size_t, 4> border{0, splits[0], splits[1], values.size()};
  long double total = 0;
  for (std::size_t cluster = 0; cluster + 1 < border.size(); ++cluster) {
    const std::size_t begin = border[cluster];
    const std::size_t end = border[cluster + 1];
    if (begin == end) continue;
    const long double mean = sums.mean(begin, end);
    for (std::size_t i = begin; i < end; ++i) {
      const long double x =
          static_cast<long double>(values.value[i]) - static_cast<long double>(sums.origin());
      total += static_cast<long double>(values.count[i]) * (x - mean) * (x - mean);
    }
  }
  return static_cast<double>(total);
}

}  // namespace musclemap::quant
