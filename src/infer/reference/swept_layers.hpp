// Layers that go along the spatial axes in steps, in double precision.
#ifndef MUSCLEMAP_INFER_REFERENCE_SWEPT_LAYERS_HPP_
#define MUSCLEMAP_INFER_REFERENCE_SWEPT_LAYERS_HPP_

#include <cstdint>
#include <vector>

#include "infer/reference/double_map.hpp"
#include "net/graph.hpp"
#include "net/tensor.hpp"

namespace musclemap::infer {

/// Into `output`, whose shape is the layer's (net::layer_shapes()); `bias` may be null. Every sum begins with
/// the bias and goes over input channels, then over taps, the last axis fastest.
void convolve(const net::Layer& layer, const DoubleMap& input, const net::Tensor& weight,
              const net::Tensor* bias, int threads, DoubleMap* output);
void convolve_transposed(const net::Layer& layer, const DoubleMap& input, const net::Tensor& weight,
                         const net::Tensor* bias, int threads, DoubleMap* output);
void pool_max(const net::Layer& layer, const DoubleMap& input, DoubleMap* output);
void pool_average(const net::Layer& layer, const DoubleMap& input, DoubleMap* output);
void repeat_values(const net::Layer& layer, const DoubleMap& input, DoubleMap* output);

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_REFERENCE_SWEPT_LAYERS_HPP_
