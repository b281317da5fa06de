// What an engine is asked to run: a graph with its weights, or a program.
#ifndef MUSCLEMAP_INFER_NETWORK_HPP_
#define MUSCLEMAP_INFER_NETWORK_HPP_

#include <string>

#include "net/graph.hpp"
#include "net/tensor.hpp"

namespace musclemap::infer {

/// A graph with its weights, a program, or a program that was recognised as a graph.
struct Network {
  net::Graph graph;         ///< empty where there is but a program
  net::StateDict weights;   ///< names and shapes as graph.parameters lists them
  std::string torchscript;  ///< bytes of a TorchScript archive, already checked and trusted
  std::string
      not_recognised;  ///< why the program is no such graph, "it calls torch.softmax, …"; empty where it is
  std::string not_runnable;  ///< why the program may not be run, "is not trusted"; empty where it may
};

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_NETWORK_HPP_
