// How the voxels of a window are weighted against those of its neighbours.
#ifndef MUSCLEMAP_INFER_WINDOW_WEIGHTS_HPP_
#define MUSCLEMAP_INFER_WINDOW_WEIGHTS_HPP_

#include <vector>

#include "infer/window_plan.hpp"

namespace musclemap::infer {

/// Of a window of that size, [x][y][z] with z fastest. An axis of extent 1 counts as none.
std::vector<float> window_weights(Weight weight, const Index3& size);

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_WINDOW_WEIGHTS_HPP_
