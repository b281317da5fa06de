#include "image/labels/components.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <map>
#include <type_traits>
#include <vector>

#include "image/labels/flood.hpp"
#include "image/labels/label_parts.hpp"
#include "image/labels/run_forest.hpp"

namespace musclemap::image {
namespace {

// Where runs are long all of them fit into memory, and the map is read once and written only where voxels go.
// A byte a voxel at most, and room at once for a quarter of that; false, and nothing is changed, where it
// would be more.
template <class T>
bool keep_by_runs(const VoxelView<T>& labels, std::int64_t* cleared) {
  const Index3& n = labels.shape;
  if (n[0] > UINT32_MAX) return false;
  const auto voxels = static_cast<std::size_t>(n[0] * n[1] * n[2]);
  const std::size_t most = std::min<std::size_t>(voxels / sizeof(RunForest::Run), UINT32_MAX);
  RunForest forest(n[1], most / 4);
  std::vector<LabelRun> row;
  for (std::int64_t k = 0; k < n[2]; ++k) {
    for (std::int64_t j = 0; j < n[1]; ++j) {
      find_runs(labels, j, k, &row);
      if (row.size() > most - forest.runs()) return false;
      forest.add_row(row);
    }
  }
  std::vector<LabelPart> parts(forest.number_parts(), {0, 0, std::numeric_limits<std::int64_t>::max()});
  forest.for_each([&](const RunForest::Run& run, std::int64_t j, std::int64_t k) {
    LabelPart& part = parts[run.parent];
    part.label = run.label;
    part.voxels += run.end - run.begin;
    part.first = std::min(part.first, (std::int64_t{run.begin} * n[1] + j) * n[2] + k);
  });
  constexpr auto kNone = static_cast<std::size_t>(-1);
  std::vector<std::size_t> largest(std::size_t{1} << (8 * sizeof(T)), kNone);  // by the label's bits
  for (std::size_t part = 0; part < parts.size(); ++part) {
    std::size_t& most_voxels = largest[static_cast<std::make_unsigned_t<T>>(parts[part].label)];
    if (most_voxels == kNone || is_larger(parts[part], parts[most_voxels])) most_voxels = part;
  }
  std::vector<bool> kept(parts.size());
  for (const std::size_t part : largest) {
    if (part != kNone) kept[part] = true;
  }
  forest.for_each([&](const RunForest::Run& run, std::int64_t j, std::int64_t k) {
    if (kept[run.parent]) return;
    for (std::int64_t i = run.begin; i < run.end; ++i) labels(i, j, k) = 0;
    *cleared += run.end - run.begin;
  });
  return true;
}

template <class T>
std::map<std::int32_t, LabelPart> largest_parts(const VoxelView<T>& labels) {
  std::map<std::int32_t, LabelPart> largest;
  LabelParts parts(labels.shape, [&](const LabelPart& part) {
    const auto [place, fresh] = largest.emplace(part.label, part);
    if (!fresh && is_larger(part, place->second)) place->second = part;
  });
  std::vector<LabelRun> runs;
  for (std::int64_t k = 0; k < labels.shape[2]; ++k) {
    for (std::int64_t j = 0; j < labels.shape[1]; ++j) {
      find_runs(labels, j, k, &runs);
      parts.add_row(runs);
    }
  }
  return largest;
}

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

// Adds the part that holds voxel `seed`.
template <class T>
void add_part(const VoxelView<T>& labels, const Index3& seed, VoxelSet* kept) {
  const T label = labels(seed[0], seed[1], seed[2]);
  const auto wanted = [&](std::int64_t i, std::int64_t j, std::int64_t k) {
    return labels(i, j, k) == label && !kept->has({i, j, k});
  };
  flood(labels.shape, seed, wanted,
        [kept](std::int64_t begin, std::int64_t end, std::int64_t j, std::int64_t k) {
          for (std::int64_t at = begin; at < end; ++at) kept->add({at, j, k});
        });
}

}  // namespace

template <class T>
std::int64_t keep_largest_components(const VoxelView<T>& labels) {
  std::int64_t cleared = 0;
  if (keep_by_runs(labels, &cleared)) return cleared;
  const Index3& n = labels.shape;
  VoxelSet kept(n);
  for (const auto& [label, part] : largest_parts(labels)) {
    add_part(labels, {part.first / (n[1] * n[2]), part.first / n[2] % n[1], part.first % n[2]}, &kept);
  }
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
