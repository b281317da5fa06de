#include "image/labels/dilate_labels.hpp"

#include <algorithm>
#include <cstdint>
#include <map>

#include "image/labels/label_runs.hpp"

namespace musclemap::image {
namespace {

struct PlacedRun {
  std::int32_t begin;
  std::int32_t end;
  std::int32_t j;
  std::int32_t k;
};

template <class T>
std::map<std::int32_t, std::vector<PlacedRun>> runs_by_label(const VoxelView<T>& labels) {
  std::map<std::int32_t, std::vector<PlacedRun>> result;
  std::vector<LabelRun> runs;
  for (std::int64_t k = 0; k < labels.shape[2]; ++k) {
    for (std::int64_t j = 0; j < labels.shape[1]; ++j) {
      find_runs(labels, j, k, &runs);
      for (const LabelRun& run : runs) {
        result[run.label].push_back({static_cast<std::int32_t>(run.begin), static_cast<std::int32_t>(run.end),
                                     static_cast<std::int32_t>(j), static_cast<std::int32_t>(k)});
      }
    }
  }
  return result;
}

template <class T>
void grow(const VoxelView<T>& labels, const PlacedRun& run, const ElementRow& row, T label) {
  const Index3& n = labels.shape;
  const std::int64_t j = run.j + row.dj;
  const std::int64_t k = run.k + row.dk;
  if (j < 0 || j >= n[1] || k < 0 || k >= n[2]) return;
  const std::int64_t begin = std::max<std::int64_t>(run.begin + row.di_begin, 0);
  const std::int64_t end = std::min(run.end - 1 + row.di_end, n[0]);
  for (std::int64_t i = begin; i < end; ++i) {
    T& voxel = labels(i, j, k);
    if (voxel == 0) voxel = label;
  }
}

}  // namespace

template <class T>
void dilate_labels(const VoxelView<T>& labels, const std::vector<ElementRow>& element) {
  for (const auto& [label, runs] : runs_by_label(labels)) {
    for (const PlacedRun& run : runs) {
      for (const ElementRow& row : element) grow(labels, run, row, static_cast<T>(label));
    }
  }
}

std::size_t dilate_labels_bytes(const Index3& shape) {
  return static_cast<std::size_t>((shape[0] + 1) / 2 * shape[1] * shape[2]) * sizeof(PlacedRun);
}

template void dilate_labels(const VoxelView<std::uint8_t>& labels, const std::vector<ElementRow>& element);
template void dilate_labels(const VoxelView<std::int16_t>& labels, const std::vector<ElementRow>& element);

}  // namespace musclemap::image
