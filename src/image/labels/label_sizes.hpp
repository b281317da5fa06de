// Labels by their number of pixels, and their numbers.
#ifndef MUSCLEMAP_IMAGE_LABELS_LABEL_SIZES_HPP_
#define MUSCLEMAP_IMAGE_LABELS_LABEL_SIZES_HPP_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace musclemap::image {

/// Pixels of each label from 0 on, up to the greatest that occurs.
std::vector<std::int64_t> label_sizes(const std::vector<std::uint32_t>& labels);

/// Gives labels the numbers 1, 2, … in the order of their first pixels; 0 stays, and labels that dropped[] is
/// true of become 0. Returns how many are left.
/// @param dropped for each label from 0 on, up to the greatest
std::uint32_t renumber_labels(const std::vector<bool>& dropped, std::vector<std::uint32_t>* labels);

/// Which small labels go.
enum class SmallLabels : std::uint8_t {
  by_number,  ///< those that are small
  by_rank,    ///< as Cellpose 3.1.1.2: label n where the n-th greatest value but the least is small
};

/// Drops labels of fewer than `least` pixels and renumbers the others. Returns how many are left.
std::uint32_t drop_small_labels(std::int64_t least, SmallLabels which, std::vector<std::uint32_t>* labels);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_LABEL_SIZES_HPP_
