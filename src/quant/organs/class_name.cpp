#include "quant/organs/class_name.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace musclemap::quant {

std::string class_name(const Label& label) {
  std::string name = label.anatomy;
  if (label.side == "left" || label.side == "right") name += "_" + label.side;
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

std::optional<std::int32_t> value_of_class(const std::vector<Label>& names, const std::string& wanted) {
  const std::string folded = base::ascii_lower(wanted);
  const auto found = std::find_if(names.begin(), names.end(), [&](const Label& label) {
    return base::ascii_lower(class_name(label)) == folded;
  });
  if (found == names.end()) return std::nullopt;
  return found->value;
}

}  // namespace musclemap::quant
