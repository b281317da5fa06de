#include "image/intensity.hpp"

#include <algorithm>
#include <cmath>

namespace musclemap::image {

void MeanPass::add(const Slice& slice) {
  double sum = 0;
  for (const float value : *slice) {
    if (value == 0) continue;
    sum += static_cast<double>(value);
    ++voxels_;
  }
  sum_ += sum;
}

SpreadPass::SpreadPass(const MeanPass& first, const Index3& shape)
    : shape_(shape), mean_(first.mean()), voxels_(first.voxels()), low_(shape) {}

void SpreadPass::add(std::int64_t z, const Slice& slice) {
  const auto threshold = static_cast<float>(mean_);
  const float* value = slice->data();
  double squares = 0;
  for (std::int64_t x = 0; x < shape_[0]; ++x) {
    for (std::int64_t y = 0; y < shape_[1]; ++y, ++value) {
      // With no voxel but zeros nothing is normalised and nothing is above zero.
      if (*value == 0) continue;
      const double difference = static_cast<double>(*value) - mean_;
      squares += difference * difference;
      if (!(*value > threshold)) continue;
      const Index3 at{x, y, z};
      for (std::size_t axis = 0; axis < 3; ++axis) {
        low_[axis] = std::min(low_[axis], at[axis]);
        high_[axis] = std::max(high_[axis], at[axis]);
      }
    }
  }
  squares_ += squares;
}

ZScore SpreadPass::score() const {
  if (voxels_ == 0) return {};
  const auto deviation = static_cast<float>(std::sqrt(squares_ / static_cast<double>(voxels_)));
  return {static_cast<float>(mean_), deviation == 0 ? 1 : deviation, voxels_};
}

Index3 SpreadPass::box_begin(std::int64_t margin) const {
  Index3 begin{};
  for (std::size_t axis = 0; axis < 3; ++axis) begin[axis] = std::max<std::int64_t>(low_[axis] - margin, 0);
  return begin;
}

Index3 SpreadPass::box_end(std::int64_t margin) const {
  Index3 end{};
  for (std::size_t axis = 0; axis < 3; ++axis) end[axis] = std::min(high_[axis] + margin + 1, shape_[axis]);
  return end;
}

}  // namespace musclemap::image
