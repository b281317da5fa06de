// A network as a TorchScript program of one module: what tracing writes, without the modules inside.
#ifndef MUSCLEMAP_TESTS_SUPPORT_GRAPH_PROGRAM_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_GRAPH_PROGRAM_HPP_

#include "infer/network.hpp"
#include "support/torchscript_writer.hpp"

namespace musclemap::test {

/// LibTorch can run it as well. Parameter k of the graph is the attribute "p<k>".
ScriptModule graph_program(const infer::Network& network);

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_GRAPH_PROGRAM_HPP_
