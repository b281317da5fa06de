// Weights of a file for a network that something else describes.
#ifndef MUSCLEMAP_NET_MATCH_WEIGHTS_HPP_
#define MUSCLEMAP_NET_MATCH_WEIGHTS_HPP_

#include <string>

#include "net/graph.hpp"
#include "net/tensor.hpp"

namespace musclemap::net {

/// The weights in the order of the graph's parameters. Error `model` names the first name or shape that the
/// file has and `asker` ("the description") does not ask for, or the other way round.
StateDict match_weights(StateDict weights, const Graph& graph, const std::string& asker);

}  // namespace musclemap::net

#endif  // MUSCLEMAP_NET_MATCH_WEIGHTS_HPP_
