#include "image/labels/equal_regions.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/checked.hpp"
#include "image/labels/touching_runs.hpp"

namespace musclemap::image {
namespace {

// Pixels [begin, end) of the plane, all of one row; the parent is a run of the same region, never a later
// one.
struct RegionRun {
  std::uint64_t begin;
  std::uint64_t end;
  std::uint32_t parent;
};

class RegionRuns {
 public:
  explicit RegionRuns(const PlaneShape& shape) : columns_(static_cast<std::uint64_t>(shape[1])) {}

  // Rows rise; none is left out.
  void add_row(const std::uint32_t* values, std::uint64_t row) {
    const std::uint64_t first = row * columns_;
    const std::size_t begin = runs_.size();
    for (std::uint64_t at = first; at < first + columns_;) {
      const std::uint64_t run = at;
      while (at < first + columns_ && values[at] == values[run]) ++at;
      if (values[run] != 0) runs_.push_back({run, at, base::checked_cast<std::uint32_t>(runs_.size())});
    }
    join(values, above_, begin);
    above_ = begin;
  }

  // Every run's parent becomes the number of its region; returns the number of regions.
  std::uint32_t number() {
    std::uint32_t regions = 0;
    for (std::size_t run = 0; run < runs_.size(); ++run) {
      std::uint32_t& parent = runs_[run].parent;
      parent = parent == run ? ++regions : runs_[parent].parent;
    }
    return regions;
  }

  const std::vector<RegionRun>& runs() const { return runs_; }

 private:
  std::uint32_t root(std::uint32_t run) {
    return root_of(run, [&](std::uint32_t n) -> std::uint32_t& { return runs_[n].parent; });
  }

  // The runs [above, row) and [row, end), of two neighbouring rows. They touch at corners too.
  void join(const std::uint32_t* values, std::size_t above, std::size_t row) {
    std::size_t upper = above;
    for (std::size_t lower = row; lower < runs_.size(); ++lower) {
      const std::uint64_t begin = runs_[lower].begin - columns_;
      const std::uint64_t end = runs_[lower].end - columns_;
      while (upper < row && runs_[upper].end < begin) ++upper;
      for (std::size_t each = upper; each < row && runs_[each].begin <= end; ++each) {
        if (values[runs_[each].begin] != values[runs_[lower].begin]) continue;
        const std::uint32_t a = root(static_cast<std::uint32_t>(each));
        const std::uint32_t b = root(static_cast<std::uint32_t>(lower));
        runs_[std::max(a, b)].parent = std::min(a, b);
      }
    }
  }

  std::uint64_t columns_;
  std::vector<RegionRun> runs_;
  std::size_t above_ = 0;  // first run of the row above
};

}  // namespace

std::int64_t number_equal_regions(const PlaneShape& shape, std::uint32_t* values) {
  RegionRuns regions(shape);
  for (std::int64_t y = 0; y < shape[0]; ++y) regions.add_row(values, static_cast<std::uint64_t>(y));
  const std::uint32_t count = regions.number();
  for (const RegionRun& run : regions.runs()) std::fill(values + run.begin, values + run.end, run.parent);
  return count;
}

}  // namespace musclemap::image
