#include "image/components.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

namespace musclemap::image {
namespace {

// A connected part, or what is known of it so far.
struct Part {
  std::int16_t label;
  std::int64_t voxels;
  std::int64_t first;  // the voxel that comes first with the first axis slowest and the third fastest
};

// The larger part wins; of equal ones that which comes first.
bool wins(const Part& a, const Part& b) {
  return a.voxels != b.voxels ? a.voxels > b.voxels : a.first < b.first;
}

// Neighbouring voxels of one label along the first axis.
struct Run {
  std::int64_t begin;
  std::int64_t end;
  std::int16_t label;
  std::size_t part;
};

using Row = std::vector<Run>;

// Union-find over the parts that a slice and the one below it touch.
class SliceParts {
 public:
  std::size_t add(const Part& part) {
    parts_.push_back(part);
    parent_.push_back(parent_.size());
    return parent_.back();
  }
  std::size_t size() const { return parts_.size(); }
  const Part& part(std::size_t root) const { return parts_[root]; }
  std::size_t root(std::size_t part) {
    while (parent_[part] != part) {
      parent_[part] = parent_[parent_[part]];
      part = parent_[part];
    }
    return part;
  }
  void join(std::size_t a, std::size_t b) {
    a = root(a);
    b = root(b);
    if (a == b) return;
    parent_[b] = a;
    parts_[a].voxels += parts_[b].voxels;
    parts_[a].first = std::min(parts_[a].first, parts_[b].first);
  }

 private:
  std::vector<Part> parts_;
  std::vector<std::size_t> parent_;
};

template <class T>
Row runs_of(const VoxelView<T>& labels, std::int64_t j, std::int64_t k) {
  Row row;
  const std::int64_t ni = labels.shape[0];
  for (std::int64_t i = 0; i < ni;) {
    const T label = labels(i, j, k);
    const std::int64_t begin = i;
    while (i < ni && labels(i, j, k) == label) ++i;
    if (label != 0) row.push_back({begin, i, label, 0});
  }
  return row;
}

// Joins every pair of runs of one label that overlap along the first axis.
void join_touching(const Row& row, const Row& neighbour, SliceParts* parts) {
  std::size_t first = 0;
  for (const Run& run : row) {
    while (first < neighbour.size() && neighbour[first].end <= run.begin) ++first;
    for (std::size_t n = first; n < neighbour.size() && neighbour[n].begin < run.end; ++n) {
      if (neighbour[n].label == run.label) parts->join(run.part, neighbour[n].part);
    }
  }
}

// Finds the largest part of each label in one pass that remembers the parts of two slices.
class LargestParts {
 public:
  template <class T>
  explicit LargestParts(const VoxelView<T>& labels) {
    std::vector<Row> below(static_cast<std::size_t>(labels.shape[1]));
    for (std::int64_t k = 0; k < labels.shape[2]; ++k) below = add_slice(labels, k, below);
    for (std::size_t part = 0; part < parts_.size(); ++part) finish(parts_.part(part));
  }

  const std::map<std::int16_t, Part>& of_label() const { return largest_; }

 private:
  template <class T>
  std::vector<Row> add_slice(const VoxelView<T>& labels, std::int64_t k, const std::vector<Row>& below) {
    std::vector<Row> rows(below.size());
    for (std::size_t j = 0; j < rows.size(); ++j) {
      const auto at = static_cast<std::int64_t>(j);
      rows[j] = runs_of(labels, at, k);
      for (Run& run : rows[j]) {
        const std::int64_t first = (run.begin * labels.shape[1] + at) * labels.shape[2] + k;
        run.part = parts_.add({run.label, run.end - run.begin, first});
      }
      if (j > 0) join_touching(rows[j], rows[j - 1], &parts_);
      join_touching(rows[j], below[j], &parts_);
    }
    forget_others(&rows);
    return rows;
  }

  // Parts that the rows do not touch cannot grow any more; the others get new, dense numbers.
  void forget_others(std::vector<Row>* rows) {
    constexpr auto kUntouched = static_cast<std::size_t>(-1);
    std::vector<std::size_t> number(parts_.size(), kUntouched);
    SliceParts kept;
    for (Row& row : *rows) {
      for (Run& run : row) {
        const std::size_t root = parts_.root(run.part);
        if (number[root] == kUntouched) number[root] = kept.add(parts_.part(root));
        run.part = number[root];
      }
    }
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      if (parts_.root(part) == part && number[part] == kUntouched) finish(parts_.part(part));
    }
    parts_ = std::move(kept);
  }

  void finish(const Part& part) {
    const auto [place, fresh] = largest_.emplace(part.label, part);
    if (!fresh && wins(part, place->second)) place->second = part;
  }

  SliceParts parts_;
  std::map<std::int16_t, Part> largest_;
};

// One bit per voxel.
class VoxelSet {
 public:
  explicit VoxelSet(const Index3& shape)
      : shape_(shape), bits_(static_cast<std::size_t>(shape[0] * shape[1] * shape[2])) {}
  bool has(const Index3& at) const { return bits_[index(at)]; }
  void add(const Index3& at) { bits_[index(at)] = true; }

 private:
  std::size_t index(const Index3& at) const {
    return static_cast<std::size_t>((at[2] * shape_[1] + at[1]) * shape_[0] + at[0]);
  }

  Index3 shape_;
  std::vector<bool> bits_;
};

// Adds the part that holds voxel `seed`, run by run along the first axis.
template <class T>
void add_part(const VoxelView<T>& labels, const Index3& seed, VoxelSet* kept) {
  const T label = labels(seed[0], seed[1], seed[2]);
  const auto wanted = [&](std::int64_t i, std::int64_t j, std::int64_t k) {
    return labels(i, j, k) == label && !kept->has({i, j, k});
  };
  std::vector<Index3> open{seed};
  while (!open.empty()) {
    const auto [i, j, k] = open.back();
    open.pop_back();
    if (!wanted(i, j, k)) continue;
    std::int64_t begin = i;
    std::int64_t end = i + 1;
    while (begin > 0 && wanted(begin - 1, j, k)) --begin;
    while (end < labels.shape[0] && wanted(end, j, k)) ++end;
    for (std::int64_t at = begin; at < end; ++at) kept->add({at, j, k});
    for (const auto& [dj, dk] : {std::pair{-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
      const std::int64_t nj = j + dj;
      const std::int64_t nk = k + dk;
      if (nj < 0 || nj >= labels.shape[1] || nk < 0 || nk >= labels.shape[2]) continue;
      // The first voxel of each stretch stands for it.
      for (std::int64_t at = begin; at < end; ++at) {
        if (wanted(at, nj, nk) && (at == begin || !wanted(at - 1, nj, nk))) open.push_back({at, nj, nk});
      }
    }
  }
}

}  // namespace

template <class T>
std::int64_t keep_largest_components(const VoxelView<T>& labels) {
  const Index3& n = labels.shape;
  const LargestParts largest(labels);
  VoxelSet kept(n);
  for (const auto& [label, part] : largest.of_label()) {
    add_part(labels, {part.first / (n[1] * n[2]), part.first / n[2] % n[1], part.first % n[2]}, &kept);
  }
  std::int64_t cleared = 0;
  for (std::int64_t k = 0; k < n[2]; ++k) {
    for (std::int64_t j = 0; j < n[1]; ++j) {
      for (std::int64_t i = 0; i < n[0]; ++i) {
        if (labels(i, j, k) == 0 || kept.has({i, j, k})) continue;
        labels(i, j, k) = 0;
        ++cleared;
      }
    }
  }
  return cleared;
}

template std::int64_t keep_largest_components(const VoxelView<std::uint8_t>& labels);
template std::int64_t keep_largest_components(const VoxelView<std::int16_t>& labels);

}  // namespace musclemap::image
