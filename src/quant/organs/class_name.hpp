// Names of classes as TotalSegmentator writes them.
#ifndef MUSCLEMAP_QUANT_ORGANS_CLASS_NAME_HPP_
#define MUSCLEMAP_QUANT_ORGANS_CLASS_NAME_HPP_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "musclemap/labels.hpp"

namespace musclemap::quant {

/// Anatomy and side joined by an underscore, blanks as underscores:
/// "gluteus maximus", "left" is "gluteus_maximus_left".
std::string class_name(const Label& label);

/// The value of the class, whatever the case of its letters; empty where no label has that name.
std::optional<std::int32_t> value_of_class(const std::vector<Label>& names, const std::string& wanted);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_ORGANS_CLASS_NAME_HPP_
