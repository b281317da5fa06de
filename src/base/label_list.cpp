#include "base/label_list.hpp"

#include <algorithm>
#include <cstddef>

namespace musclemap::base {

std::string label_list(const std::vector<std::int32_t>& labels) {
  constexpr std::size_t kShown = 10;
  std::string text = labels.size() == 1 ? "label " : "labels ";
  for (std::size_t n = 0; n < std::min(kShown, labels.size()); ++n) {
    text += (n == 0 ? "" : ", ") + std::to_string(labels[n]);
  }
  if (labels.size() > kShown) text += " and " + std::to_string(labels.size() - kShown) + " more";
  return text;
}

}  // namespace musclemap::base
