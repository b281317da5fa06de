// Holes of each label of a label map.
#ifndef MUSCLEMAP_IMAGE_LABELS_FILL_LABEL_HOLES_HPP_
#define MUSCLEMAP_IMAGE_LABELS_FILL_LABEL_HOLES_HPP_

#include <array>
#include <cstdint>
#include <vector>

namespace musclemap::image {

/// For each label in the order of their numbers: fills what no path over edges (in a volume: faces) leads to
/// from the border of its box, other labels included, and gives it the next number from 1 on. Boxes are those
/// of the map as it comes; a label that has been overwritten by then uses up its number.
/// @param shape planes, rows, columns; `labels` has them in C order
/// @param volume whether planes are an axis; false: there is one
void fill_label_holes(const std::array<std::int64_t, 3>& shape, bool volume,
                      std::vector<std::uint32_t>* labels);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_FILL_LABEL_HOLES_HPP_
