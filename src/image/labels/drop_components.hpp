// Taking connected components out of a label map.
#ifndef MUSCLEMAP_IMAGE_LABELS_DROP_COMPONENTS_HPP_
#define MUSCLEMAP_IMAGE_LABELS_DROP_COMPONENTS_HPP_

#include <cstdint>
#include <functional>

#include "image/labels/label_parts.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::image {

/// Sets every 6-connected component of a label to 0 of which dropped() is true. One pass; a component is
/// decided on as soon as it is complete. Returns the number of voxels set to 0. Memory: what LabelParts
/// holds, runs of two slices; and the edge of the component that is being dropped. T is std::uint8_t or
/// std::int16_t.
template <class T>
std::int64_t drop_components(const VoxelView<T>& labels,
                             const std::function<bool(const LabelPart&)>& dropped);

/// Sets the voxels of `label` to 0 that are not in its component with most voxels; of equal ones that stays
/// whose first voxel comes first with the first axis slowest and the third fastest, which is SciPy's first.
/// Otherwise as above.
template <class T>
std::int64_t keep_largest_component_of(const VoxelView<T>& labels, std::int64_t label);

/// Bytes that either holds at most beside the edge of one component.
std::size_t drop_components_bytes(const Index3& shape);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_DROP_COMPONENTS_HPP_
