#include "image/polish/components.hpp"

#include <algorithm>
#include <type_traits>

#include "image/labels/drop_components.hpp"

namespace musclemap::image {
namespace {

constexpr double kMostVoxels = 1e10;

}  // namespace

void polish(const KeepLargestOf& rule, Volume& labels, const PolishContext& /*context*/) {
  with_labels(labels, [&](const auto& view) {
    for (const std::int64_t label : rule.labels) keep_largest_component_of(view, label);
  });
}

void polish(const DropSmall& rule, Volume& labels, const PolishContext& context) {
  const auto most = static_cast<double>(static_cast<float>(rule.most_mm3) / context.voxel_mm3());
  const auto dropped = [&](const LabelPart& part) {
    const bool meant =
        rule.labels.empty() || std::binary_search(rule.labels.begin(), rule.labels.end(), part.label);
    const auto voxels = static_cast<double>(part.voxels);
    return meant && (voxels <= most || voxels > kMostVoxels);
  };
  with_labels(labels, [&](const auto& view) { drop_components(view, dropped); });
}

std::size_t polish_bytes(const KeepLargestOf& /*rule*/, const Index3& shape) {
  return drop_components_bytes(shape);
}

std::size_t polish_bytes(const DropSmall& /*rule*/, const Index3& shape) {
  return drop_components_bytes(shape);
}

}  // namespace musclemap::image
