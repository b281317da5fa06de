// A graph becomes a program of fused operations. What is fused are rules on the graph, whatever architecture
// it came from:
//
//  * A convolution stores its raw outputs and measures their moments on the way. Norm and activation behind
//  it
//    become a scale, a shift and a slope per channel (NormLayer), which whoever reads the map applies while
//    loading: they have no pass of their own. The same goes for an activation or a batch norm of any map.
//  * A concatenation is one map whose parts its inputs write to, in whole blocks of channels, so that it is
//  never
//    computed; weights behind it skip the channels that only fill blocks. An input that has a place in
//    another concatenation already is copied.
//  * Convolutions of one input with the same kernel and stride are one layer with more outputs: a residual
//    convolution beside the first unit.
//  * A sum of a convolution and its own input is that convolution, 1 more at the middle tap.
//  * A sum of a 3x3 convolution of two axes and another map is that convolution, which adds the map to its
//    outputs while it stores them.
//  * Nearest upsampling is left to the readers: a 1x1 convolution gives a map that is repeated itself, a 3x3
//    one of two axes reads the pixels again, and adds repeated maps; for all others the map is made.
//  * A bias before a norm is left out: instance norm takes it away, batch norm takes it in.
//  * A convolution at the end stays apart (Head), so that its outputs may be added to a slice unstored.
//
// Convolutions of 3x3 and stride 1 or 2, transposed ones of 3x3 and stride 2, and 1x1 have the schemes of
// schemes.hpp; all others gather what their taps see (gather.hpp). Maps have no size here: plan_maps() gives
// them one and a place, Executor runs them.
#ifndef MUSCLEMAP_INFER_NATIVE_COMPILE_HPP_
#define MUSCLEMAP_INFER_NATIVE_COMPILE_HPP_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "infer/native/program.hpp"
#include "net/tensor.hpp"

namespace musclemap::infer::native {

/// Empty if compile() takes the graph, which check_graph() has passed; else the layer and what there is no
/// code for.
std::string why_not_native(const net::Graph& graph);

/// `weights` are the graph's parameters by name; `threads` make them ready. They are not needed afterwards.
/// Parameters without values make a program that can be planned and not run.
Program compile(const net::Graph& graph, const net::StateDict& weights, int threads);

/// Bytes of a program's weights, known from the graph alone.
std::size_t weight_bytes(const net::Graph& graph);

/// Bytes beside them for windows of those sizes, the slowest axis first. Error `model` for sizes that the
/// network does not take.
std::size_t window_bytes(const net::Graph& graph, const std::vector<std::int64_t>& sizes, int threads);

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_COMPILE_HPP_
