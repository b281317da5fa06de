// Channels of a stack as a network of cells takes them (docs/chains/cells.md#stacks).
#ifndef MUSCLEMAP_TASK_CELLS_STACK_CHANNELS_HPP_
#define MUSCLEMAP_TASK_CELLS_STACK_CHANNELS_HPP_

#include <array>
#include <cstdint>
#include <vector>

#include "image/contrast/cell_contrast.hpp"
#include "image/float_volume.hpp"
#include "musclemap/image_stack.hpp"

namespace musclemap::task {

/// Normalised intensities of one channel.
struct StackChannel {
  image::FloatVolume volume;  ///< without values where all of them are `constant`
  float constant = 0;

  float at(std::int64_t z, std::int64_t y, std::int64_t x) const {
    return volume.values.empty() ? constant : volume.row(z, y)[x];
  }
};

/// Channels as cell_planes() chooses them of each section, one for each of `contrasts`. With norm3d sections
/// are normalised together, else each by itself. Held beside it: the sections of one channel. Errors:
/// `argument` for several times, and as cell_planes(), with the section.
/// @param stack of one time
std::vector<StackChannel> stack_channels(const ImageStack& stack, const std::array<std::int64_t, 2>& channels,
                                         const std::vector<image::CellContrast>& contrasts, int threads);

/// (channel, z, y, x) of all, constant ones too.
std::vector<float> all_values(const std::vector<StackChannel>& channels);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_STACK_CHANNELS_HPP_
