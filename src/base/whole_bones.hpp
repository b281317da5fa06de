// Bones, which have a volume but neither muscle nor fat.
#ifndef MUSCLEMAP_BASE_WHOLE_BONES_HPP_
#define MUSCLEMAP_BASE_WHOLE_BONES_HPP_

#include <vector>

#include "musclemap/labels.hpp"
#include "musclemap/tissue.hpp"

namespace musclemap::base {

/// The fits with those of bones (label_kind()) undone: status bone, no thresholds, no components. With
/// `divide` as they are.
std::vector<TissueFit> whole_bones(std::vector<TissueFit> fits, const std::vector<Label>& names, bool divide);

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_WHOLE_BONES_HPP_
