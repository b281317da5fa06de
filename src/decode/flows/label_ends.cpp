#include "decode/flows/label_ends.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>

#include "base/parallel.hpp"
#include "base/progress.hpp"

namespace musclemap::decode {
namespace {

constexpr std::uint32_t kSeedAbove = 10;          // ends at a seed
constexpr std::uint32_t kGrowsAbove = 2;          // ends at a pixel that a seed grows to
constexpr std::int64_t kNear = 2;                 // where a seed has the most ends
constexpr std::int64_t kReach = 5;                // steps that a seed grows
constexpr std::uint32_t kLabelled = 0x80000000U;  // of what was an end and is a label

using Place = std::array<std::int64_t, 3>;  // z, y, x; the bands' axis first where there is no z

// A picture's rows count as planes here, so that bands are of planes.
Place planes_of(const FlowShape& shape) {
  return shape.axes == 2 ? Place{shape.height, 1, shape.width}
                         : Place{shape.depth, shape.height, shape.width};
}

struct Seed {
  std::uint32_t ends;
  std::uint32_t pixel;
  std::size_t first_grown;  // of its pixels among all that have grown here
  std::size_t grown;
  std::size_t block;
};

// How many end at each pixel of planes [begin, end).
class EndCounts {
 public:
  EndCounts(const Place& shape, std::int64_t begin, std::int64_t end, const std::vector<std::uint32_t>& ends)
      : shape_(shape), begin_(begin), end_(end), counts_(static_cast<std::size_t>((end - begin) * plane())) {
    const auto first = static_cast<std::uint32_t>(begin * plane());
    for (const std::uint32_t pixel : ends) {
      const std::uint32_t at = pixel - first;
      if (at < counts_.size()) ++counts_[at];
    }
  }

  std::int64_t plane() const { return shape_[1] * shape_[2]; }
  const std::uint32_t* row(std::int64_t z, std::int64_t y) const {
    return counts_.data() + (z - begin_) * plane() + y * shape_[2];
  }

  /// Calls body(z, y, x) for the pixels within `reach` along each axis that are in the picture and here.
  template <class Body>
  void around(const Place& at, std::int64_t reach, const Body& body) const {
    const Place low{std::max(at[0] - reach, begin_), std::max<std::int64_t>(at[1] - reach, 0),
                    std::max<std::int64_t>(at[2] - reach, 0)};
    const Place high{std::min(at[0] + reach + 1, end_), std::min(at[1] + reach + 1, shape_[1]),
                     std::min(at[2] + reach + 1, shape_[2])};
    for (std::int64_t z = low[0]; z < high[0]; ++z) {
      for (std::int64_t y = low[1]; y < high[1]; ++y) {
        for (std::int64_t x = low[2]; x < high[2]; ++x) body(Place{z, y, x});
      }
    }
  }

  bool is_seed(const Place& at) const {
    const std::uint32_t ends = count(at);
    std::uint32_t most = 0;
    around(at, kNear, [&](const Place& near) { most = std::max(most, count(near)); });
    return ends == most;
  }
  std::uint32_t count(const Place& at) const { return row(at[0], at[1])[at[2]]; }

  /// Appends the pixels that `seed` grows to, itself the first.
  void grow(const Place& seed, std::vector<std::uint32_t>* grown) const {
    constexpr std::int64_t kSide = 2 * kReach + 1;
    std::array<bool, static_cast<std::size_t>(kSide * kSide * kSide)> taken{};
    std::vector<Place> edge{seed};
    const auto take = [&](const Place& at) {
      const std::int64_t in_window =
          ((at[0] - seed[0] + kReach) * kSide + at[1] - seed[1] + kReach) * kSide + at[2] - seed[2] + kReach;
      if (taken[static_cast<std::size_t>(in_window)]) return false;
      taken[static_cast<std::size_t>(in_window)] = true;
      grown->push_back(static_cast<std::uint32_t>(at[0] * plane() + at[1] * shape_[2] + at[2]));
      return true;
    };
    take(seed);
    for (std::int64_t step = 0; step < kReach; ++step) {
      std::vector<Place> next;
      for (const Place& from : edge) {
        around(from, 1, [&](const Place& at) {
          if (count(at) > kGrowsAbove && take(at)) next.push_back(at);
        });
      }
      edge = std::move(next);
    }
  }

 private:
  Place shape_;
  std::int64_t begin_;
  std::int64_t end_;
  std::vector<std::uint32_t> counts_;
};

// Seeds in raster order with what each grows to, in blocks that threads make.
struct Seeds {
  std::vector<Seed> list;
  std::vector<std::vector<std::uint32_t>> grown;
};

void find_seeds(const EndCounts& counts, const Place& shape, std::int64_t begin, std::int64_t end,
                const RunControl& control, Seeds* seeds) {
  constexpr std::int64_t kSeedRows = 32;
  const std::int64_t rows = (end - begin) * shape[1];
  const std::int64_t blocks = (rows + kSeedRows - 1) / kSeedRows;
  const std::size_t first = seeds->grown.size();
  seeds->grown.resize(first + static_cast<std::size_t>(blocks));
  std::vector<std::vector<Seed>> found(static_cast<std::size_t>(blocks));
  base::parallel_for(blocks, base::resolve_threads(control.threads), [&](std::int64_t block) {
    base::stop_if_cancelled(control);
    const std::size_t number = first + static_cast<std::size_t>(block);
    std::vector<std::uint32_t>& grown = seeds->grown[number];
    const std::int64_t last = std::min((block + 1) * kSeedRows, rows);
    for (std::int64_t row = block * kSeedRows; row < last; ++row) {
      const std::int64_t z = begin + row / shape[1];
      const std::int64_t y = row % shape[1];
      const std::uint32_t* ends = counts.row(z, y);
      for (std::int64_t x = 0; x < shape[2]; ++x) {
        if (ends[x] <= kSeedAbove || !counts.is_seed({z, y, x})) continue;
        const std::size_t before = grown.size();
        counts.grow({z, y, x}, &grown);
        found[static_cast<std::size_t>(block)].push_back(
            {ends[x], grown[before], before, grown.size() - before, number});
      }
    }
  });
  for (const std::vector<Seed>& each : found) {
    seeds->list.insert(seeds->list.end(), each.begin(), each.end());
  }
}

}  // namespace

std::uint32_t label_ends(const FlowShape& flow_shape, std::int64_t band_rows, const RunControl& control,
                         std::vector<std::uint32_t>* ends) {
  const Place shape = planes_of(flow_shape);
  const std::int64_t plane = shape[1] * shape[2];
  const std::int64_t band = std::max<std::int64_t>(band_rows / shape[1], 1);
  Seeds seeds;
  for (std::int64_t begin = 0; begin < shape[0]; begin += band) {
    const std::int64_t end = std::min(begin + band, shape[0]);
    const EndCounts counts(shape, std::max<std::int64_t>(begin - kReach, 0), std::min(end + kReach, shape[0]),
                           *ends);
    find_seeds(counts, shape, begin, end, control, &seeds);
  }
  std::stable_sort(seeds.list.begin(), seeds.list.end(),
                   [](const Seed& a, const Seed& b) { return a.ends < b.ends; });
  std::vector<std::uint32_t> label_at(static_cast<std::size_t>(std::min(band, shape[0]) * plane));
  for (std::int64_t begin = 0; begin < shape[0]; begin += band) {
    base::stop_if_cancelled(control);
    std::fill(label_at.begin(), label_at.end(), 0);
    const auto first = static_cast<std::uint32_t>(begin * plane);
    const auto size = static_cast<std::uint32_t>((std::min(begin + band, shape[0]) - begin) * plane);
    std::uint32_t label = 0;
    for (const Seed& seed : seeds.list) {
      ++label;
      const std::uint32_t* grown = seeds.grown[seed.block].data() + seed.first_grown;
      for (std::size_t n = 0; n < seed.grown; ++n) {
        if (grown[n] - first < size) label_at[grown[n] - first] = label;
      }
    }
    for (std::uint32_t& end : *ends) {
      // What is labelled is beyond every band.
      if (end - first < size) end = label_at[end - first] | kLabelled;
    }
  }
  for (std::uint32_t& end : *ends) end &= ~kLabelled;
  return static_cast<std::uint32_t>(seeds.list.size());
}

std::uint32_t drop_large_labels(double most, std::uint32_t greatest, std::vector<std::uint32_t>* labels) {
  std::vector<std::uint32_t> pixels(std::size_t{greatest} + 1);
  for (const std::uint32_t label : *labels) ++pixels[label];
  std::vector<std::uint32_t> number(pixels.size());
  std::uint32_t left = 0;
  for (std::uint32_t& label : *labels) {
    if (label != 0 && static_cast<double>(pixels[label]) > most) label = 0;
    if (label != 0 && number[label] == 0) number[label] = ++left;
    label = number[label];
  }
  return left;
}

}  // namespace musclemap::decode
