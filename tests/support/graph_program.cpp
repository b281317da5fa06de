#include "support/graph_program.hpp"

#include <cstdint>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "net/check_graph.hpp"
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
  const std::string x = layer.inputs.empty() ? layer.name : "v" + std::to_string(layer.inputs[0]);
  const std::string y = layer.inputs.size() < 2 ? "" : "v" + std::to_string(layer.inputs[1]);
  const auto p = [&](std::size_t i) { return parameters[i]; };
  using net::Taps;
  switch (layer.kind) {
    case LayerKind::input:
      return x;
    case LayerKind::convolution:
    case LayerKind::transposed_convolution:
      return "torch._convolution(" + x + ", " + p(0) + ", " + p(1) + ", " + taps_of(layer, &Taps::stride) +
             ", " + taps_of(layer, &Taps::padding) + ", " + taps_of(layer, &Taps::dilation) + ", " +
             (layer.kind == LayerKind::transposed_convolution ? "True" : "False") + ", " +
             taps_of(layer, &Taps::output_padding) + ", " + std::to_string(layer.groups) +
             ", False, False, True, True)";
    case LayerKind::linear:
      return "torch.linear(" + x + ", " + p(0) + ", " + p(1) + ")";
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
    case LayerKind::sigmoid:
      return "torch.sigmoid(" + x + ")";
    case LayerKind::sum:
      return "torch.add(" + x + ", " + y + ")";
    case LayerKind::concatenation:
      return "torch.cat([" + x + ", " + y + "], 1)";
    case LayerKind::max_pool:
      return "torch.max_pool2d(" + x + ", " + taps_of(layer, &Taps::kernel) + ", " +
             taps_of(layer, &Taps::stride) + ", " + taps_of(layer, &Taps::padding) + ", " +
             taps_of(layer, &Taps::dilation) + ")";
    case LayerKind::average_pool:
      return "torch.avg_pool2d(" + x + ", " + taps_of(layer, &Taps::kernel) + ", " +
             taps_of(layer, &Taps::stride) + ")";
    case LayerKind::upsampling: {
      std::string factors;
      for (const Taps& taps : layer.taps)
        factors += (factors.empty() ? "[" : ", ") + std::to_string(taps.stride) + ".";
      return "torch.upsample_nearest2d(" + x + ", None, " + factors + "])";
    }
    case LayerKind::global_mean:
      return "torch.mean(" + x + ", [2, 3])";
    case LayerKind::unit_length:
      return "torch.div(" + x + ", torch.pow(torch.sum(torch.pow(" + x + ", 2), [1], True), 0.5))";
  }
  return {};
}

/// What the sum of a map and a vector takes for the vector.
std::string spread(const std::string& vector) {
  return "torch.unsqueeze(torch.unsqueeze(" + vector + ", -1), -1)";
}

}  // namespace

ScriptModule graph_program(const infer::Network& network) {
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
  const std::vector<net::LayerShape> shapes =
      net::layer_shapes(graph, std::vector<std::int64_t>(2, std::int64_t{1} << 10));
  std::string body;
  for (std::size_t i = 0; i < graph.layers.size(); ++i) {
    Layer layer = graph.layers[i];
    std::vector<std::string> parameters;
    for (const std::uint32_t parameter : layer.parameters) {
      parameters.push_back(parameter == Layer::kNone ? "None"
                                                     : attribute_of.at(graph.parameters[parameter].name));
    }
    std::string text = call(layer, parameters);
    if (layer.kind == LayerKind::sum &&
        shapes[layer.inputs[0]].is_vector() != shapes[layer.inputs[1]].is_vector()) {
      const bool first = shapes[layer.inputs[0]].is_vector();
      const std::string a = "v" + std::to_string(layer.inputs[first ? 1 : 0]);
      text = "torch.add(" + a + ", " + spread("v" + std::to_string(layer.inputs[first ? 0 : 1])) + ")";
    }
    body += "    v" + std::to_string(i) + " = " + text + "\n";
  }
  std::string returned;
  for (const net::Port& port : graph.outputs) {
    returned += (returned.empty() ? "" : ", ") + ("v" + std::to_string(port.layer));
  }
  const bool several = graph.outputs.size() > 1;
  body += "    return " + (several ? "(" + returned + ")" : returned) + "\n";
  std::string arguments;
  for (const net::Port& port : graph.inputs)
    arguments += ",\n    " + graph.layers[port.layer].name + ": Tensor";
  std::string type = "Tensor";
  for (std::size_t port = 1; port < graph.outputs.size(); ++port) type += ", Tensor";
  if (several) type = "Tuple[" + type + "]";
  module.code["net.py"] = "class Net(Module):\n  training : bool\n" + attributes +
                          "  def forward(self: __torch__.net.Net" + arguments + ") -> " + type + ":\n" + body;
  module.attributes.emplace_back("training", pickle_boolean(false));
  return module;
}

}  // namespace musclemap::test
