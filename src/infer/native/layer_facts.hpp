// What is known of the layers of a graph before any of them is computed, and which of them are computed
// together.
#ifndef MUSCLEMAP_INFER_NATIVE_LAYER_FACTS_HPP_
#define MUSCLEMAP_INFER_NATIVE_LAYER_FACTS_HPP_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "infer/native/layer.hpp"
#include "net/graph.hpp"

namespace musclemap::infer::native {

struct LayerFacts {
  static constexpr std::uint32_t kNone = net::Layer::kNone;

  ChannelMap channels;  ///< of its blocked map
  bool vector = false;
  std::vector<std::uint32_t> readers;
  int ports = 0;  ///< that it is the output of

  /// The concatenation whose input `part` it is and whose map it writes to: that is how maps are joined
  /// without a copy. A map has room for one; other concatenations take copies.
  std::uint32_t joined = kNone;
  std::size_t part = 0;
  /// The same of the norm or activation behind a layer whose map they alone read: it is written there at
  /// once, and who reads the concatenation applies them.
  std::uint32_t home = kNone;
  /// Of a convolution: the sum that adds its input to its output, which is 1 more at the weights' middle tap.
  /// Of such a sum: that convolution.
  std::uint32_t identity = kNone;
  /// Of a convolution: the sum that adds another map to its output, which it does on its way. Of such a sum:
  /// that convolution.
  std::uint32_t added = kNone;
  /// Of a convolution: the first of those with the same input, kernel and stride, which computes them all.
  std::uint32_t group = kNone;
  /// Nothing but a norm reads it, which takes a bias away (instance norm) or in (batch norm).
  bool normed = false;
  /// On one arm alone of the first concatenation, where maps are smallest: the bottom of a U-Net, below its
  /// last skip connection. A few tiles go through many weights there.
  bool bottom = false;
  /// Pixels of the network's input that one of its map stands for.
  double scale = 1;
};

std::vector<LayerFacts> facts_of(const net::Graph& graph);

/// The layer that is the last convolution, as native::Head has it, or the sum that such a one takes in; else
/// kNone.
std::uint32_t head_of(const net::Graph& graph, const std::vector<LayerFacts>& facts);

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_LAYER_FACTS_HPP_
