// Labels of planes, each by itself, become labels of a volume.
#ifndef MUSCLEMAP_IMAGE_LABELS_STITCH_PLANES_HPP_
#define MUSCLEMAP_IMAGE_LABELS_STITCH_PLANES_HPP_

#include <array>
#include <cstdint>
#include <vector>

namespace musclemap::image {

/// What labels become that come after a plane without any.
enum class StitchAfterEmpty : std::uint8_t {
  new_numbers,
  /// They keep their own as long as no two neighbouring planes had labels, as in Cellpose 3.1.1.2: numbers of
  /// labels before the gap may come again.
  own_numbers,
};

/// A label takes the number of the label of the plane before with which its intersection over union is
/// largest, at least `least`, and no smaller than that of another label of its plane
/// (docs/chains/cells.md#planes); the others get numbers that were not there yet. Memory: 16 bytes for each
/// pair of labels that meet. Errors: `argument`, reason `limit`, for more than 2^31 numbers.
/// @param shape planes, rows, columns; `labels` has them in C order
void stitch_planes(const std::array<std::int64_t, 3>& shape, double least, StitchAfterEmpty after_empty,
                   std::vector<std::uint32_t>* labels);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_STITCH_PLANES_HPP_
