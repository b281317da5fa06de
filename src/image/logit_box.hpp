// The part of a grid that scores are computed for.
#ifndef MUSCLEMAP_IMAGE_LOGIT_BOX_HPP_
#define MUSCLEMAP_IMAGE_LOGIT_BOX_HPP_

#include <cstdint>

#include "musclemap/geometry.hpp"

namespace musclemap::image {

/// Where scores exist; every class scores 0 outside.
struct LogitBox {
  std::int64_t classes = 0;
  Index3 begin{};  ///< voxels of the resampled grid
  Index3 end{};
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LOGIT_BOX_HPP_
