// Channels of a picture as a network of cells takes them (docs/chains/cells.md#channels).
#ifndef MUSCLEMAP_TASK_CELLS_CELL_PLANES_HPP_
#define MUSCLEMAP_TASK_CELLS_CELL_PLANES_HPP_

#include <array>
#include <cstdint>
#include <vector>

#include "image/float_plane.hpp"
#include "musclemap/image_stack.hpp"

namespace musclemap::task {

/// `count` planes in single precision: the channel to segment (0: the mean of all), the nuclear one (0:
/// zeros), and zeros. Errors: `argument` for a stack of several times or depths or for a channel that it does
/// not have; reason `nonfinite` with the place of a value that is NaN or infinite.
std::vector<image::FloatPlane> cell_planes(const ImageStack& picture,
                                           const std::array<std::int64_t, 2>& channels, std::int64_t count);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_CELL_PLANES_HPP_
