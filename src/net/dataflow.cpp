#include "net/dataflow.hpp"

#include <iterator>

namespace musclemap::net {

const char* layer_name(LayerKind kind) noexcept {
  switch (kind) {
    case LayerKind::input:
      return "input";
    case LayerKind::convolution:
      return "convolution";
    case LayerKind::transposed:
      return "transposed convolution";
    case LayerKind::instance_norm:
      return "instance norm";
    case LayerKind::batch_norm:
      return "batch norm";
    case LayerKind::leaky_relu:
      return "ReLU or LeakyReLU";
    case LayerKind::prelu:
      return "PReLU";
    case LayerKind::sum:
      return "sum";
    case LayerKind::concatenation:
      return "concatenation";
  }
  return "layer";
}

std::vector<double> settings_of(const ConvolutionSettings& convolution) {
  const ConvolutionSettings& c = convolution;
  return {c.stride[0],   c.stride[1],         c.padding[0],        c.padding[1], c.dilation[0],
          c.dilation[1], c.output_padding[0], c.output_padding[1], c.groups};
}

const char* setting_name(LayerKind kind, std::size_t setting) noexcept {
  constexpr const char* kOfConvolutions[] = {
      "stride of rows",         "stride of columns",         "padding of rows",
      "padding of columns",     "dilation of rows",          "dilation of columns",
      "output padding of rows", "output padding of columns", "number of groups"};
  const bool convolution = kind == LayerKind::convolution || kind == LayerKind::transposed;
  if (convolution && setting < std::size(kOfConvolutions)) return kOfConvolutions[setting];
  return kind == LayerKind::leaky_relu ? "negative slope" : "epsilon";
}

}  // namespace musclemap::net
