// Some labels of a map as one mask.
#ifndef MUSCLEMAP_QUANT_ORGANS_MASK_OF_LABELS_HPP_
#define MUSCLEMAP_QUANT_ORGANS_MASK_OF_LABELS_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "musclemap/labels.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::quant {

/// Ascending. Error `argument` for a class without a label.
std::vector<std::int32_t> values_of_classes(const std::vector<Label>& names,
                                            const std::vector<std::string>& classes);

/// u8: 1 where the voxel has one of the ascending values.
Volume mask_of_labels(const Volume& labels, const std::vector<std::int32_t>& values);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_ORGANS_MASK_OF_LABELS_HPP_
