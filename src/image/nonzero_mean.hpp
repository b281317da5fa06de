// The mean of the voxels that are not zero.
#ifndef MUSCLEMAP_IMAGE_NONZERO_MEAN_HPP_
#define MUSCLEMAP_IMAGE_NONZERO_MEAN_HPP_

#include <cstdint>

namespace musclemap::image {

/// Sums are in double, slice by slice in the order in which they come. NaN does not occur.
class NonzeroMean {
 public:
  void add(const float* values, std::int64_t count) {
    double sum = 0;
    for (std::int64_t n = 0; n < count; ++n) {
      if (values[n] == 0) continue;
      sum += static_cast<double>(values[n]);
      ++voxels_;
    }
    sum_ += sum;
  }
  std::int64_t voxels() const { return voxels_; }
  double mean() const { return voxels_ > 0 ? sum_ / static_cast<double>(voxels_) : 0; }

 private:
  std::int64_t voxels_ = 0;
  double sum_ = 0;
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_NONZERO_MEAN_HPP_
