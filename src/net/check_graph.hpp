// Whether a graph is a network, and the sizes of its maps.
#ifndef MUSCLEMAP_NET_CHECK_GRAPH_HPP_
#define MUSCLEMAP_NET_CHECK_GRAPH_HPP_

#include <cstdint>
#include <vector>

#include "net/graph.hpp"

namespace musclemap::net {

/// What a layer gives.
struct LayerShape {
  std::int64_t channels = 0;
  std::vector<std::int64_t> sizes;  ///< of the spatial axes; none: a vector

  bool is_vector() const { return sizes.empty(); }
};

/// Whether every layer takes what it can take: earlier layers, as many as its kind has, maps or vectors,
/// channels and parameters that fit, taps of every axis. Error `model` names the layer and what does not fit.
void check_graph(const Graph& graph);

/// Channels of all layers. Errors: as check_graph().
std::vector<std::int64_t> layer_channels(const Graph& graph);

/// Shapes of all layers where every input has spatial axes of those `sizes` (Graph::axes of them). Errors: as
/// check_graph(), and for maps that do not fit each other, of no size, or of one value under an instance
/// norm.
std::vector<LayerShape> layer_shapes(const Graph& graph, const std::vector<std::int64_t>& sizes);

/// One an axis: sizes that are its multiples are halved, thirded, … without a rest by every stride on the
/// way. For a graph that passes check_graph(). Error `model` where it is above 65536.
std::vector<std::int64_t> size_steps(const Graph& graph);

}  // namespace musclemap::net

#endif  // MUSCLEMAP_NET_CHECK_GRAPH_HPP_
