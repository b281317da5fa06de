// A network computed plainly, in double precision: what engines are checked against.
#ifndef MUSCLEMAP_INFER_REFERENCE_REFERENCE_HPP_
#define MUSCLEMAP_INFER_REFERENCE_REFERENCE_HPP_

#include <functional>
#include <vector>

#include "infer/reference/double_map.hpp"
#include "net/graph.hpp"
#include "net/tensor.hpp"

namespace musclemap::infer {

/// Called on the calling thread, `done` of `layers` with products being computed; what it throws comes out.
/// May be empty.
using AfterLayer = std::function<void(int done, int layers)>;

/// What the output ports give for `inputs`, one a port and of one size. `weights` are those of
/// Graph::parameters. Error `model` where the layers do not fit each other (net::layer_shapes()).
std::vector<DoubleMap> run_reference(const net::Graph& graph, const net::StateDict& weights,
                                     const std::vector<DoubleMap>& inputs, int threads,
                                     const AfterLayer& after_layer = {});

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_REFERENCE_REFERENCE_HPP_
