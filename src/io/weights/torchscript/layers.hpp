// The layers that a TorchScript program is made of.
#ifndef MUSCLEMAP_IO_TORCHSCRIPT_LAYERS_HPP_
#define MUSCLEMAP_IO_TORCHSCRIPT_LAYERS_HPP_

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "io/weights/pickle_reader.hpp"
#include "io/weights/torchscript/operator_call.hpp"
#include "io/weights/torchscript/values.hpp"
#include "net/graph.hpp"

namespace musclemap::io {

/// Takes the calls of operators in their order, those on maps of two spatial axes or, where a tensor of the
/// pickle is a kernel in space, of three. Holds a view of the pickle. One thread at a time.
class TorchScriptLayers {
 public:
  explicit TorchScriptLayers(const PickleTree& tree);

  /// A map that the program is given.
  ScriptValue input(const std::string& port);
  /// "conv2d" of aten:: on those arguments. Error `unsupported` names an operator, or a way to call one, that
  /// no known layer is.
  ScriptValue call(const std::string& name, const ScriptArguments& arguments);
  /// The layer of a map that the program returns.
  std::uint32_t returned(const ScriptValue& map) const;

  /// Without output ports and channels of inputs.
  const net::Graph& graph() const { return graph_; }
  /// The pickled tensor behind each of Graph::parameters.
  const std::vector<std::uint32_t>& tensors() const { return tensors_; }

 private:
  using Call = OperatorCall;

  ScriptValue convolution(const Call& call);
  net::Layer swept_layer(net::LayerKind kind) const;
  std::int64_t axes_of_maps() const { return graph_.axes + 2; }
  std::vector<std::int64_t> ones() const;
  ScriptValue add_convolution(net::Layer layer, const Call& call);
  ScriptValue plain_convolution(const Call& call);
  ScriptValue transposed_convolution(const Call& call);
  ScriptValue norm(const Call& call, bool batch);
  ScriptValue rectified(const Call& call, double slope, bool in_place);
  ScriptValue concatenation(const Call& call);
  ScriptValue sum(const Call& call, bool in_place);
  ScriptValue linear(const Call& call);
  ScriptValue max_pool(const Call& call);
  ScriptValue average_pool(const Call& call);
  ScriptValue upsampling(const Call& call);
  ScriptValue mean_over_space(const Call& call, bool keeps_axes);
  ScriptValue mean(const Call& call);
  bool reshape(const std::string& name, const ScriptArguments& arguments, ScriptValue* result) const;
  bool divide_by_length(const std::string& name, const ScriptArguments& arguments, ScriptValue* result);

  std::uint32_t map(const ScriptValue& value, const Call& call);
  std::uint32_t overwritten_map(const ScriptValue& value, const Call& call);
  std::uint32_t tensor(const ScriptValue& value, const Call& call);
  /// `like` has the axes of the layer's map.
  ScriptValue add(net::Layer layer, const ScriptValue& like);
  bool is_vector(const ScriptValue& value) const;

  const PickleTree& tree_;
  net::Graph graph_;
  std::vector<std::uint32_t> tensors_;
  std::unordered_map<std::uint32_t, std::uint32_t> known_tensors_;  ///< pickled tensor to index
  std::unordered_map<std::uint32_t, std::string> names_;            ///< of pickled tensors
  std::vector<bool> vector_;                                        ///< one a layer, as the next ones
  std::vector<bool> used_;
  std::vector<bool> overwritten_;
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_TORCHSCRIPT_LAYERS_HPP_
