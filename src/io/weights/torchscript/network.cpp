#include "io/weights/torchscript/network.hpp"

#include <string>

#include "io/weights/state_dict.hpp"
#include "io/weights/torchscript/follower.hpp"
#include "io/weights/torchscript/layers.hpp"

namespace musclemap::io {
namespace {

constexpr std::size_t kLargestModule = std::size_t{16} << 20;

PickleTree read_module(const ZipReader& zip) {
  return read_pickle(zip.read(*zip.find(archive_root(zip) + "/data.pkl"), kLargestModule), Pickled::module);
}

}  // namespace

TorchScriptNetwork::TorchScriptNetwork(const ZipReader& zip) : tree_(read_module(zip)), reader_(zip, tree_) {
  TorchScriptLayers layers(tree_);
  const std::uint32_t output = TorchScriptFollower(zip, tree_, layers).run();
  graph_ = layers.graph();
  graph_.inputs = {{"image", 0}};
  graph_.outputs = {{"scores", output}};
  tensors_ = layers.tensors();
}

net::Tensor TorchScriptNetwork::read(std::size_t index) {
  return reader_.read("tensor " + std::to_string(index), tree_[tensors_.at(index)]);
}

}  // namespace musclemap::io
