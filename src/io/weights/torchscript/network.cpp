#include "io/weights/torchscript/network.hpp"

#include <map>
#include <string>

#include "io/weights/state_dict.hpp"
#include "io/weights/torchscript/follower.hpp"
#include "io/weights/torchscript/layers.hpp"
#include "net/finish_graph.hpp"

namespace musclemap::io {
namespace {

constexpr std::size_t kLargestModule = std::size_t{16} << 20;

PickleTree read_module(const ZipReader& zip) {
  return read_pickle(zip.read(*zip.find(archive_root(zip) + "/data.pkl"), kLargestModule), Pickled::module);
}

}  // namespace

TorchScriptNetwork::TorchScriptNetwork(const ZipReader& zip) : tree_(read_module(zip)), reader_(zip, tree_) {
  TorchScriptLayers layers(tree_);
  const std::vector<std::uint32_t> outputs = TorchScriptFollower(zip, tree_, layers).run();
  graph_ = layers.graph();
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    graph_.outputs.push_back({i == 0 ? "scores" : "output " + std::to_string(i), outputs[i]});
  }
  net::remove_unused(&graph_);
  net::find_input_channels(&graph_);
  // As the state dict has them, whose order the pickle has, and none that no layer needs.
  const std::vector<std::uint32_t>& pickled = layers.tensors();
  std::map<std::uint32_t, std::uint32_t> parameter_of;
  for (const net::Layer& layer : graph_.layers) {
    for (const std::uint32_t parameter : layer.parameters) {
      if (parameter != net::Layer::kNone) parameter_of[pickled[parameter]] = parameter;
    }
  }
  std::vector<std::uint32_t> order;
  for (const auto& [tensor, parameter] : parameter_of) {
    tensors_.push_back(tensor);
    order.push_back(parameter);
  }
  net::order_parameters(order, &graph_);
}

net::Tensor TorchScriptNetwork::read(std::size_t index) {
  return reader_.read(graph_.parameters.at(index).name, tree_[tensors_.at(index)]);
}

}  // namespace musclemap::io
