// Mean and variance of the channels of a map.
#ifndef MUSCLEMAP_INFER_NATIVE_MOMENTS_HPP_
#define MUSCLEMAP_INFER_NATIVE_MOMENTS_HPP_

#include <cstdint>
#include <vector>

#include "infer/native/kernels.hpp"

namespace musclemap::infer::native {

/// One value per channel.
struct ChannelMoments {
  std::vector<double> mean;
  std::vector<double> variance;  ///< over all pixels, not one less
};

/// Those of a map from those of its parts, [part][block], joined in their order. `pixels` of each part.
ChannelMoments joined_moments(const Moments* parts, int blocks, const std::vector<std::int64_t>& pixels);

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_MOMENTS_HPP_
