// A map of its own, and the norm and activation that its readers apply.
#ifndef MUSCLEMAP_INFER_NATIVE_FEATURE_MAP_HPP_
#define MUSCLEMAP_INFER_NATIVE_FEATURE_MAP_HPP_

#include <algorithm>
#include <cstdint>

#include "base/aligned.hpp"
#include "infer/native/convolver.hpp"

namespace musclemap::infer::native {

/// Scale, shift and slope of channels.
class ActivationArrays {
 public:
  ActivationArrays() = default;
  explicit ActivationArrays(std::int64_t channels) : channels_(channels), values_(3 * channels) {}

  /// The channels of another one, from a channel on.
  void set(const ActivationArrays& other, std::int64_t channel = 0) {
    for (std::int64_t array = 0; array < 3; ++array) {
      const float* from = other.values_.data() + array * other.channels_;
      std::copy(from, from + other.channels_, values_.data() + array * channels_ + channel);
    }
  }
  float* scale() { return values_.data(); }
  float* shift() { return values_.data() + channels_; }
  float* slope() { return values_.data() + 2 * channels_; }
  /// None if there are no channels.
  Activation activation() const {
    if (channels_ == 0) return {};
    return {values_.data(), values_.data() + channels_, values_.data() + 2 * channels_};
  }

 private:
  std::int64_t channels_ = 0;
  base::AlignedFloats values_;
};

class FeatureMap {
 public:
  FeatureMap() = default;
  FeatureMap(int blocks, const Extent& extent, bool activated)
      : memory_(blocks * extent.pixels() * kLanes),
        activation_(activated ? blocks * kLanes : 0),
        map_(whole_map(memory_.data(), blocks, extent)) {}

  const Map& map() const { return map_; }
  ActivationArrays& activation() { return activation_; }
  LayerInput input() const { return {map_, activation_.activation(), nullptr, 0, {}}; }

 private:
  base::AlignedFloats memory_;
  ActivationArrays activation_;
  Map map_;
};

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_FEATURE_MAP_HPP_
