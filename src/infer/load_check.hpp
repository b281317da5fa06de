// What an engine makes of one small window, compared with what it should.
#ifndef MUSCLEMAP_INFER_LOAD_CHECK_HPP_
#define MUSCLEMAP_INFER_LOAD_CHECK_HPP_

#include <string>
#include <vector>

#include "infer/engine.hpp"
#include "infer/reference/double_map.hpp"
#include "net/graph.hpp"
#include "net/tensor.hpp"

namespace musclemap::infer {

/// What the engine's output ports give, as Engine::run_ports().
std::vector<net::Tensor> outputs_of(Engine& engine, const net::Graph& graph,
                                    const std::vector<net::Tensor>& inputs);

/// A window as small as the network allows, two pixels wide at the bottom, with values of a z-scored image:
/// one tensor a port. Error `model` if no window of a reasonable size fits the network.
std::vector<net::Tensor> check_window(const net::Graph& graph);

/// Whether a double-precision run of such a window takes less than a second or so.
bool is_quickly_checked(const net::Graph& graph, const std::vector<net::Tensor>& window);

class LoadCheck {
 public:
  /// Runs the engine on check_window().
  LoadCheck(Engine& engine, const net::Graph& graph, std::vector<net::Tensor> window);

  const std::vector<net::Tensor>& inputs() const { return inputs_; }
  std::vector<DoubleMap> maps() const;

  /// Empty if every port of the engine is within 1e-4 of the largest value that it should have, else what the
  /// engine differs from.
  std::string compare(const std::vector<DoubleMap>& expected, const char* what) const;
  std::string compare(const std::vector<net::Tensor>& expected, const char* what) const;

 private:
  std::vector<net::Tensor> inputs_;
  std::vector<net::Tensor> outputs_;
};

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_LOAD_CHECK_HPP_
