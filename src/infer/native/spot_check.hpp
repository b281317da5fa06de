// Layers of a program against double precision, at a few pixels each: the check of networks that are too
// large for infer/reference.
#ifndef MUSCLEMAP_INFER_NATIVE_SPOT_CHECK_HPP_
#define MUSCLEMAP_INFER_NATIVE_SPOT_CHECK_HPP_

#include <string>
#include <vector>

#include "infer/native/executor.hpp"
#include "infer/reference/reference.hpp"
#include "net/tensor.hpp"

namespace musclemap::infer::native {

/// Runs `images` ([channel][plane][row][column], one an input port) and looks at every convolution: four
/// pixels of its output are computed again, in double precision from what it read and from `weights`, those
/// of the graph, and the norms of its output from all pixels. Gives the first layer that is further away than
/// rounding is, and by how much; empty: there is none. `split`: products of split numbers. `after_layer` is
/// called after every convolution and may throw.
std::string spot_check(Executor* executor, const Program& program, const net::StateDict& weights,
                       const std::vector<const float*>& images, bool split, int threads,
                       const AfterLayer& after_layer = {});

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_SPOT_CHECK_HPP_
