// Labels that grow into the background.
#ifndef MUSCLEMAP_IMAGE_LABELS_DILATE_LABELS_HPP_
#define MUSCLEMAP_IMAGE_LABELS_DILATE_LABELS_HPP_

#include <cstddef>
#include <vector>

#include "image/labels/ellipsoid.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::image {

/// Dilates each label by `element`, in ascending order, into background alone: what a lower label has grown
/// into stays its own, and nothing grows from it. What is outside of the volume is not there. Memory: 16
/// bytes a run of labels along the first axis. T is std::uint8_t or std::int16_t.
template <class T>
void dilate_labels(const VoxelView<T>& labels, const std::vector<ElementRow>& element);

/// Bytes that it holds at most.
std::size_t dilate_labels_bytes(const Index3& shape);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_DILATE_LABELS_HPP_
