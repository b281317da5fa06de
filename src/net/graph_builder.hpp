// What builders of architectures have in common: layers and their parameters, one after the other.
#ifndef MUSCLEMAP_NET_GRAPH_BUILDER_HPP_
#define MUSCLEMAP_NET_GRAPH_BUILDER_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "net/graph.hpp"

namespace musclemap::net {

/// Parameters are listed as their layers are added, named as modules of torch.nn name them: "NAME.weight".
class GraphBuilder {
 public:
  using Map = std::uint32_t;  ///< index of the layer that gives it

  explicit GraphBuilder(int axes);

  Map input(const std::string& port, int channels);
  void output(const std::string& port, Map map);

  std::vector<Taps> every_axis(const Taps& taps) const;
  Map convolution(Map input, const std::string& name, int outputs, const std::vector<Taps>& taps,
                  bool bias = true);
  Map transposed_convolution(Map input, const std::string& name, int outputs, const std::vector<Taps>& taps,
                             bool bias = true);
  /// Instance norm, or batch norm with the counter that torch.nn keeps beside the statistics.
  Map norm(LayerKind kind, Map input, const std::string& name, bool affine, double epsilon);
  Map leaky_relu(Map input, const std::string& name, double slope);
  Map prelu(Map input, const std::string& name);
  Map max_pool(Map input, const std::string& name, const std::vector<Taps>& taps);
  Map average_pool(Map input, const std::string& name, const std::vector<Taps>& taps);
  Map upsampling(Map input, const std::string& name, const std::vector<Taps>& taps);
  Map global_mean(Map input, const std::string& name);
  Map unit_length(Map vector, const std::string& name);
  Map linear(Map vector, const std::string& name, int outputs);
  Map sum(Map a, Map b, const std::string& name);
  Map concatenation(const std::vector<Map>& inputs, const std::string& name);

  std::int64_t channels(Map map) const { return channels_[map]; }
  /// Checked (check_graph()), without layers that no output needs; their parameters stay. The builder is
  /// spent.
  Graph finish();

 private:
  std::uint32_t parameter(const std::string& name, std::vector<std::int64_t> shape);
  Map add(Layer layer, std::int64_t channels);
  /// A layer without parameters that keeps the channels of its input.
  Map plain(LayerKind kind, Map input, const std::string& name, const std::vector<Taps>& taps = {});
  Map convolve(LayerKind kind, Map input, const std::string& name, int outputs,
               std::vector<std::int64_t> weight, const std::vector<Taps>& taps, bool bias);

  Graph graph_;
  std::vector<std::int64_t> channels_;
};

}  // namespace musclemap::net

#endif  // MUSCLEMAP_NET_GRAPH_BUILDER_HPP_
