#include "image/labels/label_sizes.hpp"

#include <algorithm>

namespace musclemap::image {

std::vector<std::int64_t> label_sizes(const std::vector<std::uint32_t>& labels) {
  const auto greatest = std::max_element(labels.begin(), labels.end());
  std::vector<std::int64_t> sizes(greatest == labels.end() ? 1 : std::size_t{*greatest} + 1);
  for (const std::uint32_t label : labels) ++sizes[label];
  return sizes;
}

std::uint32_t renumber_labels(const std::vector<bool>& dropped, std::vector<std::uint32_t>* labels) {
  std::vector<std::uint32_t> number(dropped.size());
  std::uint32_t left = 0;
  for (std::uint32_t& label : *labels) {
    if (label == 0) continue;
    if (number[label] == 0 && !dropped[label]) number[label] = ++left;
    label = number[label];
  }
  return left;
}

std::uint32_t drop_small_labels(std::int64_t least, SmallLabels which, std::vector<std::uint32_t>* labels) {
  const std::vector<std::int64_t> sizes = label_sizes(*labels);
  std::vector<bool> dropped(sizes.size());
  std::size_t rank = 0;
  bool first = true;
  for (std::size_t label = 0; label < sizes.size(); ++label) {
    if (which == SmallLabels::by_number) {
      dropped[label] = sizes[label] < least;
    } else if (sizes[label] > 0) {
      // The least value is taken for the background, whatever it is.
      if (!first && sizes[label] < least) dropped[rank] = true;
      first = false;
      ++rank;
    }
  }
  return renumber_labels(dropped, labels);
}

}  // namespace musclemap::image
