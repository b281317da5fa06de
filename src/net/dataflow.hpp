// A network as the flow of its maps from layer to layer.
#ifndef MUSCLEMAP_NET_DATAFLOW_HPP_
#define MUSCLEMAP_NET_DATAFLOW_HPP_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace musclemap::net {

enum class LayerKind : std::uint8_t {
  input,
  convolution,    ///< parameters: weight, bias; settings: stride, padding, dilation, output padding, groups
  transposed,     ///< transposed convolution: as convolution
  instance_norm,  ///< parameters: weight, bias; settings: epsilon
  batch_norm,     ///< with stored statistics; parameters: weight, bias, mean, variance; settings: epsilon
  leaky_relu,     ///< settings: negative slope; 0 is ReLU
  prelu,          ///< parameters: weight
  sum,            ///< of two maps
  concatenation,  ///< along channels
};

/// "convolution", for messages.
const char* layer_name(LayerKind kind) noexcept;

/// Settings of both kinds of convolution, for rows and columns.
struct ConvolutionSettings {
  double stride[2] = {1, 1};
  double padding[2] = {0, 0};
  double dilation[2] = {1, 1};
  double output_padding[2] = {0, 0};
  double groups = 1;
};

/// In the order of DataflowLayer::settings.
std::vector<double> settings_of(const ConvolutionSettings& convolution);

/// "stride of rows": what a setting is, for messages.
const char* setting_name(LayerKind kind, std::size_t setting) noexcept;

/// A layer takes the maps of earlier ones.
struct DataflowLayer {
  static constexpr std::uint32_t kNone = 0xffffffff;

  LayerKind kind = LayerKind::input;
  std::vector<std::uint32_t> inputs;      ///< indices of layers
  std::vector<std::uint32_t> parameters;  ///< indices of tensors; kNone for one that it does without
  std::vector<double> settings;
};

/// Layer 0 is the input, a batch of maps of two axes.
struct Dataflow {
  std::vector<DataflowLayer> layers;
  std::vector<std::vector<std::int64_t>> tensors;  ///< shapes
  std::uint32_t output = 0;
};

}  // namespace musclemap::net

#endif  // MUSCLEMAP_NET_DATAFLOW_HPP_
