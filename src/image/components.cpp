#include "image/components.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "base/checked.hpp"

namespace musclemap::image {
namespace {

using Part = std::int32_t;

// Union-find over provisional parts; a root knows its size and its first voxel.
class Parts {
 public:
  void add() {
    parent_.push_back(base::checked_cast<Part>(static_cast<std::int64_t>(parent_.size())));
    size_.push_back(0);
    first_.push_back(kNoVoxel);
  }
  Part root(Part part) {
    while (parent_[at(part)] != part) {
      parent_[at(part)] = parent_[at(parent_[at(part)])];
      part = parent_[at(part)];
    }
    return part;
  }
  void join(Part a, Part b) {
    a = root(a);
    b = root(b);
    if (a == b) return;
    if (b < a) std::swap(a, b);
    parent_[at(b)] = a;
    size_[at(a)] += size_[at(b)];
    first_[at(a)] = std::min(first_[at(a)], first_[at(b)]);
  }
  void count(Part part, std::int64_t voxels, std::int64_t first) {
    part = root(part);
    size_[at(part)] += voxels;
    first_[at(part)] = std::min(first_[at(part)], first);
  }
  std::int64_t size(Part part) { return size_[at(root(part))]; }
  std::int64_t first(Part part) { return first_[at(root(part))]; }

 private:
  static constexpr std::int64_t kNoVoxel = INT64_MAX;
  static std::size_t at(Part part) { return static_cast<std::size_t>(part); }

  std::vector<Part> parent_;
  std::vector<std::int64_t> size_;
  std::vector<std::int64_t> first_;
};

// Neighbouring voxels of one label along the first axis.
struct Run {
  std::int64_t begin;
  std::int64_t end;
  std::int16_t label;
  Part part;
};

using Row = std::vector<Run>;

template <class T>
Row runs_of(const VoxelView<T>& labels, std::int64_t j, std::int64_t k) {
  Row row;
  const std::int64_t ni = labels.shape[0];
  for (std::int64_t i = 0; i < ni;) {
    const T label = labels(i, j, k);
    const std::int64_t begin = i;
    while (i < ni && labels(i, j, k) == label) ++i;
    if (label != 0) row.push_back({begin, i, label, -1});
  }
  return row;
}

// Calls touch(run, neighbour) for every pair of one label that overlaps along the first axis.
template <class Touch>
void for_touching(Row& row, const Row& neighbour, const Touch& touch) {
  std::size_t first = 0;
  for (Run& run : row) {
    while (first < neighbour.size() && neighbour[first].end <= run.begin) ++first;
    for (std::size_t n = first; n < neighbour.size() && neighbour[n].begin < run.end; ++n) {
      if (neighbour[n].label == run.label) touch(run, neighbour[n]);
    }
  }
}

// Visits the rows slice by slice with provisional parts that depend on the voxels alone, so that a second
// pass gives every run the same number again.
template <class T, class Visit>
void label_rows(const VoxelView<T>& labels, Part* next, const Visit& visit) {
  const auto nj = static_cast<std::size_t>(labels.shape[1]);
  std::vector<Row> previous(nj);
  std::vector<Row> current(nj);
  for (std::int64_t k = 0; k < labels.shape[2]; ++k) {
    for (std::size_t j = 0; j < nj; ++j) {
      current[j] = runs_of(labels, static_cast<std::int64_t>(j), k);
      const auto adopt = [](Run& run, const Run& neighbour) {
        if (run.part < 0) run.part = neighbour.part;
      };
      if (j > 0) for_touching(current[j], current[j - 1], adopt);
      for_touching(current[j], previous[j], adopt);
      for (Run& run : current[j]) {
        if (run.part < 0) run.part = (*next)++;
      }
      visit(static_cast<std::int64_t>(j), k, current[j], j > 0 ? &current[j - 1] : nullptr, previous[j]);
    }
    std::swap(previous, current);
  }
}

}  // namespace

template <class T>
std::int64_t keep_largest_components(const VoxelView<T>& labels) {
  Parts parts;
  std::vector<std::int16_t> label_of;  // of every provisional part
  const Index3& n = labels.shape;
  Part used = 0;
  label_rows(labels, &used, [&](std::int64_t j, std::int64_t k, Row& row, const Row* left, const Row& below) {
    for (const Run& run : row) {
      if (run.part == static_cast<Part>(label_of.size())) {
        parts.add();
        label_of.push_back(run.label);
      }
      parts.count(run.part, run.end - run.begin, (run.begin * n[1] + j) * n[2] + k);
    }
    const auto join = [&](const Run& run, const Run& neighbour) { parts.join(run.part, neighbour.part); };
    if (left != nullptr) for_touching(row, *left, join);
    for_touching(row, below, join);
  });

  std::map<std::int16_t, Part> largest;
  for (Part part = 0; part < used; ++part) {
    if (parts.root(part) != part) continue;
    const auto [place, fresh] = largest.emplace(label_of[static_cast<std::size_t>(part)], part);
    Part& best = place->second;
    if (fresh) continue;
    const bool bigger = parts.size(part) > parts.size(best);
    const bool earlier = parts.size(part) == parts.size(best) && parts.first(part) < parts.first(best);
    if (bigger || earlier) best = part;
  }

  // A row's runs are taken before it is cleared, so the second pass numbers the parts as the first did.
  std::int64_t cleared = 0;
  Part again = 0;
  label_rows(labels, &again, [&](std::int64_t j, std::int64_t k, Row& row, const Row*, const Row&) {
    for (const Run& run : row) {
      if (parts.root(run.part) == largest[run.label]) continue;
      for (std::int64_t i = run.begin; i < run.end; ++i) labels(i, j, k) = 0;
      cleared += run.end - run.begin;
    }
  });
  return cleared;
}

template std::int64_t keep_largest_components(const VoxelView<std::uint8_t>& labels);
template std::int64_t keep_largest_components(const VoxelView<std::int16_t>& labels);

}  // namespace musclemap::image
