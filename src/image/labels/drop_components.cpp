#include "image/labels/drop_components.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "image/labels/flood.hpp"
#include "image/labels/label_runs.hpp"

namespace musclemap::image {
namespace {

// Calls body with each component when it is complete. It lies in slices that have been read, so that body may
// change its voxels.
template <class T, class Body>
void for_each_component(const VoxelView<T>& labels, const Body& body) {
  LabelParts parts(labels.shape, body);
  std::vector<LabelRun> runs;
  for (std::int64_t k = 0; k < labels.shape[2]; ++k) {
    for (std::int64_t j = 0; j < labels.shape[1]; ++j) {
      find_runs(labels, j, k, &runs);
      parts.add_row(runs);
    }
  }
}

template <class T>
void clear(const VoxelView<T>& labels, const LabelPart& part) {
  const Index3& n = labels.shape;
  flood(
      n, {part.first / (n[1] * n[2]), part.first / n[2] % n[1], part.first % n[2]},
      [&](std::int64_t i, std::int64_t j, std::int64_t k) { return labels(i, j, k) == part.label; },
      [&](std::int64_t begin, std::int64_t end, std::int64_t j, std::int64_t k) {
        for (std::int64_t i = begin; i < end; ++i) labels(i, j, k) = 0;
      });
}

}  // namespace

template <class T>
std::int64_t drop_components(const VoxelView<T>& labels,
                             const std::function<bool(const LabelPart&)>& dropped) {
  std::int64_t cleared = 0;
  for_each_component(labels, [&](const LabelPart& part) {
    if (!dropped(part)) return;
    clear(labels, part);
    cleared += part.voxels;
  });
  return cleared;
}

// The largest so far stays; what it takes the place of goes.
template <class T>
std::int64_t keep_largest_component_of(const VoxelView<T>& labels, std::int64_t label) {
  std::optional<LabelPart> largest;
  std::int64_t cleared = 0;
  for_each_component(labels, [&](const LabelPart& part) {
    if (part.label != label) return;
    LabelPart loser = part;
    if (!largest) {
      largest = part;
      return;
    }
    if (is_larger(part, *largest)) std::swap(*largest, loser);
    clear(labels, loser);
    cleared += loser.voxels;
  });
  return cleared;
}

std::size_t drop_components_bytes(const Index3& shape) {
  // Of two slices runs, and of one slice parts with their parents and new numbers; a run for two voxels.
  const auto runs = static_cast<std::size_t>((shape[0] + 1) / 2 * shape[1]);
  return runs * (64 + 2 * sizeof(LabelPart) + 2 * sizeof(std::size_t));
}

template std::int64_t drop_components(const VoxelView<std::uint8_t>& labels,
                                      const std::function<bool(const LabelPart&)>& dropped);
template std::int64_t drop_components(const VoxelView<std::int16_t>& labels,
                                      const std::function<bool(const LabelPart&)>& dropped);
template std::int64_t keep_largest_component_of(const VoxelView<std::uint8_t>& labels, std::int64_t label);
template std::int64_t keep_largest_component_of(const VoxelView<std::int16_t>& labels, std::int64_t label);

}  // namespace musclemap::image
