// What network a TorchScript program computes, found out without running it.
#ifndef MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_NETWORK_HPP_
#define MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_NETWORK_HPP_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "io/weights/pickle_reader.hpp"
#include "io/weights/tensor_reader.hpp"
#include "io/weights/zip_reader.hpp"
#include "net/graph.hpp"
#include "net/tensor.hpp"

namespace musclemap::io {

/// Follows the program's forward() on an input whose values are not known: which layers it calls with which
/// settings and tensors, in which order. Branches are followed where their condition is known (flags, numbers
/// of axes); a check that ends the program or warns is taken as passed. Modules saved from scripting and from
/// tracing alike. Holds a view of the archive, which outlives it. One thread at a time.
class TorchScriptNetwork {
 public:
  /// Error `unsupported` says what in the program is no such network; `format` for damage.
  explicit TorchScriptNetwork(const ZipReader& zip);

  const net::Graph& graph() const { return graph_; }
  /// The weights of Graph::parameters[index]. Errors as those of TensorReader::read().
  net::Tensor read(std::size_t index);

 private:
  PickleTree tree_;
  net::Graph graph_;
  std::vector<std::uint32_t> tensors_;
  TensorReader reader_;
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_NETWORK_HPP_
