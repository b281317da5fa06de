#include "support/unet_program.hpp"

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "infer/unet_dataflow.hpp"
#include "net/dataflow.hpp"

namespace musclemap::test {
namespace {

using net::DataflowLayer;
using net::LayerKind;

std::string pair(const std::vector<double>& settings, std::size_t first) {
  return "[" + std::to_string(static_cast<int>(settings[first])) + ", " +
         std::to_string(static_cast<int>(settings[first + 1])) + "]";
}

std::string number(double value) {
  std::ostringstream text;
  text.precision(17);
  text << value;
  return text.str();
}

std::string call(const DataflowLayer& layer, const std::vector<std::string>& parameters) {
  const std::string x = layer.inputs.empty() ? "x" : "v" + std::to_string(layer.inputs[0]);
  const std::string y = layer.inputs.size() < 2 ? "" : "v" + std::to_string(layer.inputs[1]);
  const auto p = [&](std::size_t i) { return parameters[i]; };
  const std::vector<double>& s = layer.settings;
  switch (layer.kind) {
    case LayerKind::input:
      return "x";
    case LayerKind::convolution:
    case LayerKind::transposed:
      return "torch._convolution(" + x + ", " + p(0) + ", " + p(1) + ", " + pair(s, 0) + ", " + pair(s, 2) +
             ", " + pair(s, 4) + ", " + (layer.kind == LayerKind::transposed ? "True" : "False") + ", " +
             pair(s, 6) + ", 1, False, False, True, True)";
    case LayerKind::instance_norm:
      return "torch.instance_norm(" + x + ", " + p(0) + ", " + p(1) + ", None, None, True, 0.1, " +
             number(s[0]) + ", True)";
    case LayerKind::batch_norm:
      return "torch.batch_norm(" + x + ", " + p(0) + ", " + p(1) + ", " + p(2) + ", " + p(3) +
             ", False, 0.1, " + number(s[0]) + ", True)";
    case LayerKind::leaky_relu:
      return s[0] == 0 ? "torch.relu(" + x + ")" : "torch.leaky_relu(" + x + ", " + number(s[0]) + ")";
    case LayerKind::prelu:
      return "torch.prelu(" + x + ", " + p(0) + ")";
    case LayerKind::sum:
      return "torch.add(" + x + ", " + y + ")";
    case LayerKind::concatenation:
      return "torch.cat([" + x + ", " + y + "], 1)";
  }
  return {};
}

}  // namespace

ScriptModule unet_program(const infer::Network& network) {
  const infer::UNetDataflow wanted = infer::unet_dataflow(network.unet);
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
  for (std::size_t i = 0; i < wanted.flow.layers.size(); ++i) {
    std::vector<std::string> parameters;
    for (const std::uint32_t parameter : wanted.flow.layers[i].parameters) {
      parameters.push_back(parameter == DataflowLayer::kNone ? "None"
                                                             : attribute_of.at(wanted.parameters[parameter]));
    }
    body += "    v" + std::to_string(i) + " = " + call(wanted.flow.layers[i], parameters) + "\n";
  }
  body += "    return v" + std::to_string(wanted.flow.output) + "\n";
  module.code["net.py"] = "class Net(Module):\n  training : bool\n" + attributes +
                          "  def forward(self: __torch__.net.Net,\n    x: Tensor) -> Tensor:\n" + body;
  module.attributes.emplace_back("training", pickle_boolean(false));
  return module;
}

}  // namespace musclemap::test
