// The layers that a TorchScript program is made of.
#ifndef MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_LAYERS_HPP_
#define MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_LAYERS_HPP_

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "io/weights/pickle_reader.hpp"
#include "io/weights/torchscript/values.hpp"
#include "net/graph.hpp"

namespace musclemap::io {

/// Takes the calls of operators in their order. Holds a view of the pickle. One thread at a time.
class TorchScriptLayers {
 public:
  explicit TorchScriptLayers(const PickleTree& tree);

  /// "conv2d" of aten:: on those arguments. Error `unsupported` names an operator, or a way to call one, that
  /// no known layer is.
  ScriptValue call(const std::string& name, const ScriptArguments& arguments);

  ScriptValue input() const { return ScriptValue::of(ScriptValue::Kind::map, 0); }
  /// Without ports.
  const net::Graph& graph() const { return graph_; }
  /// The pickled tensor behind each of Graph::parameters.
  const std::vector<std::uint32_t>& tensors() const { return tensors_; }

 private:
  class Call;

  ScriptValue convolution(const Call& call);
  ScriptValue add_convolution(net::Layer layer, const Call& call);
  ScriptValue conv2d(const Call& call);
  ScriptValue conv_transpose2d(const Call& call);
  ScriptValue norm(const Call& call, bool batch);
  ScriptValue leaky_relu(const Call& call, double slope);
  ScriptValue concatenation(const Call& call);

  std::uint32_t map(const ScriptValue& value, const Call& call);
  std::uint32_t overwritten_map(const ScriptValue& value, const Call& call);
  std::uint32_t tensor(const ScriptValue& value, const Call& call);
  ScriptValue add(net::Layer layer);

  const PickleTree& tree_;
  net::Graph graph_;
  std::vector<std::uint32_t> tensors_;
  std::unordered_map<std::uint32_t, std::uint32_t> known_tensors_;  ///< pickled tensor to index
  std::vector<bool> used_;                                          ///< one a layer
  std::vector<bool> overwritten_;
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_LAYERS_HPP_
