// What LibTorch holds while a network sees one window.
#ifndef MUSCLEMAP_INFER_WINDOW_MEMORY_HPP_
#define MUSCLEMAP_INFER_WINDOW_MEMORY_HPP_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "net/graph.hpp"

namespace musclemap::infer {

/// Bytes of a processor's memory beside window and weights; an upper bound. At every layer there are the maps
/// that it or a later one takes, and its own; a convolution holds its input, its output and its weights once
/// more, in the layout of oneDNN's kernels: channels in blocks of 16. An empty graph is a program whose
/// layers are not known: six maps of the window's size and of as many channels as there are classes, or of 64
/// (measured). Errors: those of net::layer_shapes().
/// @param sizes of the window's spatial axes, the slowest first
std::size_t window_bytes(const net::Graph& graph, const std::vector<std::int64_t>& sizes,
                         std::int64_t classes);

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_WINDOW_MEMORY_HPP_
