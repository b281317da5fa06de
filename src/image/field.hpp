// Values on a grid that are made when a block of them is asked for.
#ifndef MUSCLEMAP_IMAGE_FIELD_HPP_
#define MUSCLEMAP_IMAGE_FIELD_HPP_

#include <vector>

#include "image/grid.hpp"

namespace musclemap::image {

/// One channel. Nobody holds a volume unless the field says so. One thread at a time.
class Field {
 public:
  virtual ~Field() = default;
  /// Writes the values of a block, [x][y][z] with z fastest. Slices (blocks of one z) one after the other are
  /// fast, in either direction.
  virtual void read(const Block& block, float* out) = 0;

  /// The same in memory of its own.
  std::vector<float> values(const Block& block) {
    const Index3 n = block.shape();
    std::vector<float> result(static_cast<std::size_t>(n[0] * n[1] * n[2]));
    read(block, result.data());
    return result;
  }
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_FIELD_HPP_
