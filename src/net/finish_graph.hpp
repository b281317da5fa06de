// What a graph that was read from a program still needs.
#ifndef MUSCLEMAP_NET_FINISH_GRAPH_HPP_
#define MUSCLEMAP_NET_FINISH_GRAPH_HPP_

#include <cstdint>
#include <vector>

#include "net/graph.hpp"

namespace musclemap::net {

/// Takes out layers that no output depends on. Inputs stay, and so do parameters.
void remove_unused(Graph* graph);

/// Parameter i becomes the one that was order[i]; those that are not in `order`, which no layer takes, go.
void order_parameters(const std::vector<std::uint32_t>& order, Graph* graph);

/// Sets the channels of every input from the parameters of the layers that take it; 0 where they do not tell.
/// Inputs that are concatenated share alike what the others leave.
void find_input_channels(Graph* graph);

}  // namespace musclemap::net

#endif  // MUSCLEMAP_NET_FINISH_GRAPH_HPP_
