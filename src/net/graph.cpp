#include "net/graph.hpp"

namespace musclemap::net {

const char* layer_name(LayerKind kind) noexcept {
  switch (kind) {
    case LayerKind::input:
      return "input";
    case LayerKind::convolution:
      return "convolution";
    case LayerKind::transposed_convolution:
      return "transposed convolution";
    case LayerKind::linear:
      return "linear layer";
    case LayerKind::instance_norm:
      return "instance norm";
    case LayerKind::batch_norm:
      return "batch norm";
    case LayerKind::leaky_relu:
      return "ReLU or LeakyReLU";
    case LayerKind::prelu:
      return "PReLU";
    case LayerKind::sigmoid:
      return "sigmoid";
    case LayerKind::sum:
      return "sum";
    case LayerKind::concatenation:
      return "concatenation";
    case LayerKind::max_pool:
      return "max-pooling";
    case LayerKind::average_pool:
      return "average pooling";
    case LayerKind::upsampling:
      return "upsampling";
    case LayerKind::global_mean:
      return "mean over space";
    case LayerKind::unit_length:
      return "division by the length";
  }
  return "layer";
}

std::int64_t Graph::parameter_count() const {
  std::int64_t total = 0;
  for (const Parameter& parameter : parameters) {
    std::int64_t count = 1;
    for (const std::int64_t size : parameter.shape) count *= size;
    total += count;
  }
  return total;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t size : shape) text += (text.empty() ? "" : "x") + std::to_string(size);
  return text.empty() ? "scalar" : text;
}

}  // namespace musclemap::net
