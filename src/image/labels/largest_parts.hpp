// The largest connected part of each of many labels.
#ifndef MUSCLEMAP_IMAGE_LABELS_LARGEST_PARTS_HPP_
#define MUSCLEMAP_IMAGE_LABELS_LARGEST_PARTS_HPP_

#include <array>
#include <cstdint>
#include <vector>

namespace musclemap::image {

/// Sets every pixel to 0 that is not in its label's part with most pixels, of equal parts the one that comes
/// first in raster order. Parts are connected over edges, in a volume over faces. Memory: 16 bytes a run.
/// @param shape planes, rows, columns; `labels` has them in C order, below 2^31
void keep_largest_parts(const std::array<std::int64_t, 3>& shape, std::vector<std::uint32_t>* labels);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_LARGEST_PARTS_HPP_
