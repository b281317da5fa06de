// Where labels are polished, and with what beside them.
#ifndef MUSCLEMAP_TASK_POLISH_POLISH_AT_HPP_
#define MUSCLEMAP_TASK_POLISH_POLISH_AT_HPP_

#include <cstdint>

#include "musclemap/geometry.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::task {

enum class PolishAt : std::uint8_t {
  task,   ///< on the grid that the networks' labels are on
  image,  ///< on the image's own grid
};

struct PolishContext {
  Spacing voxel_mm{};  ///< of the labels' grid, in single precision
  Volume rough;        ///< labels of the rough task on the image's grid; empty where there is none
};

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_POLISH_POLISH_AT_HPP_
