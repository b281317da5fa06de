// Values on a grid that are made when a block of them is asked for.
#ifndef MUSCLEMAP_IMAGE_FIELD_HPP_
#define MUSCLEMAP_IMAGE_FIELD_HPP_

#include <algorithm>
#include <cstddef>
#include <vector>

#include "image/grid.hpp"

namespace musclemap::image {

/// Nobody holds a volume unless the field says so. One thread at a time.
class Field {
 public:
  virtual ~Field() = default;
  /// Values at a voxel.
  virtual int channels() const { return 1; }
  /// Writes the values of a block, [channel][x][y][z] with z fastest. Slices (blocks of one z) one after the
  /// other are fast, in either direction.
  virtual void read(const Block& block, float* out) = 0;
  /// The same in double, for what rounds values itself; where nothing below has more digits, those of read().
  virtual void read_double(const Block& block, double* out) {
    const std::vector<float> narrow = values(block);
    std::copy(narrow.begin(), narrow.end(), out);
  }

  /// The same as read() in memory of its own.
  std::vector<float> values(const Block& block) {
    std::vector<float> result(size_of(block));
    read(block, result.data());
    return result;
  }

  /// The same as read_double() in memory of its own.
  std::vector<double> double_values(const Block& block) {
    std::vector<double> result(size_of(block));
    read_double(block, result.data());
    return result;
  }

 private:
  std::size_t size_of(const Block& block) const {
    const Index3 n = block.shape();
    return static_cast<std::size_t>(channels() * n[0] * n[1] * n[2]);
  }
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_FIELD_HPP_
