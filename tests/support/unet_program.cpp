#include "support/unet_program.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "net/graph.hpp"

namespace musclemap::test {
namespace {

using net::Layer;
using net::LayerKind;

std::string taps_of(const Layer& layer, int net::Taps::*setting) {
  std::string text;
  for (const net::Taps& taps : layer.taps)
    text += (text.empty() ? "[" : ", ") + std::to_string(taps.*setting);
  return text + "]";
}

std::string number(double value) {
  std::ostringstream text;
  text.precision(17);
  text << value;
  return text.str();
}

std::string call(const Layer& layer, const std::vector<std::string>& parameters) {
  const std::string x = layer.inputs.empty() ? "x" : "v" + std::to_string(layer.inputs[0]);
  const std::string y = layer.inputs.size() < 2 ? "" : "v" + std::to_string(layer.inputs[1]);
  const auto p = [&](std::size_t i) { return parameters[i]; };
  using net::Taps;
  switch (layer.kind) {
    case LayerKind::input:
      return "x";
    case LayerKind::convolution:
    case LayerKind::transposed_convolution:
      return "torch._convolution(" + x + ", " + p(0) + ", " + p(1) + ", " + taps_of(layer, &Taps::stride) +
             ", " + taps_of(layer, &Taps::padding) + ", " + taps_of(layer, &Taps::dilation) + ", " +
             (layer.kind == LayerKind::transposed_convolution ? "True" : "False") + ", " +
             taps_of(layer, &Taps::output_padding) + ", " + std::to_string(layer.groups) +
             ", False, False, True, True)";
    case LayerKind::instance_norm:
      return "torch.instance_norm(" + x + ", " + p(0) + ", " + p(1) + ", None, None, True, 0.1, " +
             number(layer.epsilon) + ", True)";
    case LayerKind::batch_norm:
      return "torch.batch_norm(" + x + ", " + p(0) + ", " + p(1) + ", " + p(2) + ", " + p(3) +
             ", False, 0.1, " + number(layer.epsilon) + ", True)";
    case LayerKind::leaky_relu:
      return layer.slope == 0 ? "torch.relu(" + x + ")"
                              : "torch.leaky_relu(" + x + ", " + number(layer.slope) + ")";
    case LayerKind::prelu:
      return "torch.prelu(" + x + ", " + p(0) + ")";
    case LayerKind::sum:
      return "torch.add(" + x + ", " + y + ")";
    case LayerKind::concatenation:
      return "torch.cat([" + x + ", " + y + "], 1)";
    default:
      throw std::invalid_argument("a layer that programs are not written with");
  }
}

}  // namespace

ScriptModule unet_program(const infer::Network& network) {
  const net::Graph& graph = network.graph;
  ScriptModule module;
  std::string attributes;
  std::map<std::string, std::string> attribute_of;
  for (std::size_t k = 0; k < network.weights.size(); ++k) {
    const net::NamedTensor& named = network.weights[k];
    if (named.tensor.shape.empty()) continue;
    const std::string attribute = "p" + std::to_string(k);
    attribute_of[named.name] = "self." + attribute;
    attributes += "  " + attribute + " : Tensor\n";
    add_tensor(module, attribute, named.tensor.shape, named.tensor.values);
  }
  std::string body;
  for (std::size_t i = 0; i < graph.layers.size(); ++i) {
    std::vector<std::string> parameters;
    for (const std::uint32_t parameter : graph.layers[i].parameters) {
      parameters.push_back(parameter == Layer::kNone ? "None"
                                                     : attribute_of.at(graph.parameters[parameter].name));
    }
    body += "    v" + std::to_string(i) + " = " + call(graph.layers[i], parameters) + "\n";
  }
  body += "    return v" + std::to_string(graph.outputs[0].layer) + "\n";
  module.code["net.py"] = "class Net(Module):\n  training : bool\n" + attributes +
                          "  def forward(self: __torch__.net.Net,\n    x: Tensor) -> Tensor:\n" + body;
  module.attributes.emplace_back("training", pickle_boolean(false));
  return module;
}

}  // namespace musclemap::test
