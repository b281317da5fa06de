// Layers that see one place, one channel or one vector at a time, in double precision.
#ifndef MUSCLEMAP_INFER_REFERENCE_CHANNEL_LAYERS_HPP_
#define MUSCLEMAP_INFER_REFERENCE_CHANNEL_LAYERS_HPP_

#include "infer/reference/double_map.hpp"
#include "net/tensor.hpp"

namespace musclemap::infer {

/// Parameters of a norm; each may be null. Without `mean` and `variance` those of the map's channels are
/// taken.
struct NormParameters {
  const net::Tensor* weight = nullptr;
  const net::Tensor* bias = nullptr;
  const net::Tensor* mean = nullptr;
  const net::Tensor* variance = nullptr;
  double epsilon = 0;
};

void normalise(const NormParameters& norm, DoubleMap* map);
/// Negative values times `slope`, or times those of `slopes` (one, or one a channel) where it is not null.
void leaky_relu(double slope, const net::Tensor* slopes, DoubleMap* map);
void sigmoid(DoubleMap* map);
/// A vector is added at every place of a map.
DoubleMap sum_of(const DoubleMap& a, const DoubleMap& b);
void append_channels(const DoubleMap& other, DoubleMap* map);
DoubleMap mean_over_space(const DoubleMap& map);
DoubleMap linear(const net::Tensor& weight, const net::Tensor* bias, const DoubleMap& vector);
void divide_by_length(DoubleMap* vector);

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_REFERENCE_CHANNEL_LAYERS_HPP_
