// A network as the graph of its layers: the one form that builders and readers make and that engines run.
#ifndef MUSCLEMAP_NET_GRAPH_HPP_
#define MUSCLEMAP_NET_GRAPH_HPP_

#include <cstdint>
#include <string>
#include <vector>

namespace musclemap::net {

/// What a layer gives is a map (channels, then spatial axes) or a vector (channels alone). Parameters of each
/// kind in their order; those marked ? may be kNone. Numbers are those of the layers of torch.nn.
enum class LayerKind : std::uint8_t {
  input,                   ///< what a port brings: `channels`
  convolution,             ///< weight (out, in / groups, kernel..), bias?; `taps`, `groups`
  transposed_convolution,  ///< weight (in, out / groups, kernel..), bias?; `taps`, `groups`
  linear,                  ///< of a vector: weight (out, in), bias?
  instance_norm,           ///< weight?, bias?; `epsilon`
  batch_norm,              ///< with stored statistics: weight?, bias?, mean, variance; `epsilon`
  leaky_relu,              ///< `slope` of negative values; 0 is ReLU
  prelu,                   ///< weight: one slope, or one a channel
  sigmoid,
  sum,            ///< of two; a vector is added at every place of a map
  concatenation,  ///< along channels
  max_pool,       ///< `taps`; padding counts for nothing
  average_pool,   ///< `taps`, without padding
  upsampling,     ///< nearest: every value stands `taps[axis].stride` times along each axis
  global_mean,    ///< of a map, over space: a vector
  unit_length,    ///< of a vector: divided by the root of its sum of squares
};

/// "convolution", for messages.
const char* layer_name(LayerKind kind) noexcept;

/// "64x1x3x3", or "scalar" for a shape without axes: for messages.
std::string shape_text(const std::vector<std::int64_t>& shape);

/// How a layer goes along one spatial axis.
struct Taps {
  int kernel = 1;  ///< of convolutions: as their weight has it
  int stride = 1;
  int padding = 0;  ///< zeros before and after
  int dilation = 1;
  int output_padding = 0;  ///< of transposed convolutions
};

struct Layer {
  static constexpr std::uint32_t kNone = 0xffffffff;

  LayerKind kind = LayerKind::input;
  std::string name;                       ///< for messages: "model.0.conv.unit0.conv"
  std::vector<std::uint32_t> inputs;      ///< indices of earlier layers
  std::vector<std::uint32_t> parameters;  ///< indices of Graph::parameters
  std::vector<Taps> taps;                 ///< one a spatial axis
  int groups = 1;
  double epsilon = 1e-5;
  double slope = 0;
  std::int64_t channels = 0;  ///< of an input
};

/// One parameter of a network: its name in the state dict and its shape.
struct Parameter {
  std::string name;
  std::vector<std::int64_t> shape;
};

/// What goes into a network or comes out of it: "scores", "style".
struct Port {
  std::string name;
  std::uint32_t layer = 0;
};

struct Graph {
  int axes = 2;  ///< spatial ones, 2 or 3, of all maps
  std::vector<Layer> layers;
  /// In the order of the state dict; no layer needs the counters of batch norm, which stand here as well.
  std::vector<Parameter> parameters;
  std::vector<Port> inputs;
  std::vector<Port> outputs;

  bool empty() const { return layers.empty(); }
  std::int64_t parameter_count() const;  ///< numbers in all parameters
};

}  // namespace musclemap::net

#endif  // MUSCLEMAP_NET_GRAPH_HPP_
