// Sums of single-precision numbers as NumPy makes them of an array without gaps.
#ifndef MUSCLEMAP_IMAGE_PAIRWISE_SUM_HPP_
#define MUSCLEMAP_IMAGE_PAIRWISE_SUM_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace musclemap::image {

/// Halves, the first rounded down to a multiple of 8, are summed each for itself and then added; up to 128
/// values by eight sums that take turns. To the last bit np.sum() of a contiguous float32 array.
class PairwiseSum {
 public:
  /// Of so many values.
  explicit PairwiseSum(std::int64_t count);
  /// The next ones, in their order.
  void add(const float* values, std::int64_t count);
  /// When all have been added.
  float sum() const { return sum_; }

 private:
  static constexpr std::size_t kLeaf = 128;
  struct Half {
    std::int64_t second;  // values of the second half
    float first = 0;
    bool in_second = false;
  };
  void descend(std::int64_t count);
  void end_leaf();

  std::vector<Half> path_;
  std::array<float, kLeaf> leaf_{};
  std::size_t leaf_size_ = 0;
  std::size_t filled_ = 0;
  float sum_ = 0;
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_PAIRWISE_SUM_HPP_
