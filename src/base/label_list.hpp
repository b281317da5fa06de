// Labels in a sentence.
#ifndef MUSCLEMAP_BASE_LABEL_LIST_HPP_
#define MUSCLEMAP_BASE_LABEL_LIST_HPP_

#include <cstdint>
#include <string>
#include <vector>

namespace musclemap::base {

/// "label 3", "labels 3, 4", "labels 1, 2, …, 10 and 5 more". `labels` is not empty.
std::string label_list(const std::vector<std::int32_t>& labels);

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_LABEL_LIST_HPP_
