#include "infer/native/moments.hpp"

#include <algorithm>

namespace musclemap::infer::native {

// After Chan, Golub and LeVeque (1979).
ChannelMoments joined_moments(const Moments* parts, int blocks, const std::vector<std::int64_t>& pixels) {
  const auto channels = static_cast<std::size_t>(blocks * kLanes);
  ChannelMoments all;
  all.mean.assign(channels, 0);
  all.variance.assign(channels, 0);
  double count = 0;
  for (const std::int64_t of_part : pixels) {
    const auto added = static_cast<double>(of_part);
    const double share = added / (count + added);
    for (std::size_t first = 0; first < channels; first += kLanes, ++parts) {
      double* mean = all.mean.data() + first;
      double* squares = all.variance.data() + first;
      for (int i = 0; i < kLanes; ++i) {
        const double difference = parts->mean[i] - mean[i];
        mean[i] += difference * share;
        squares[i] += parts->squares[i] + difference * difference * count * share;
      }
    }
    count += added;
  }
  for (double& variance : all.variance) variance = std::max(variance, 0.0) / count;
  return all;
}

}  // namespace musclemap::infer::native
