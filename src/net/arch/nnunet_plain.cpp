// Names and order after dynamic_network_architectures 0.4, architectures/unet.py and building_blocks.
#include "net/arch/nnunet_plain.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

#include "musclemap/error.hpp"
#include "net/finish_graph.hpp"
#include "net/graph_builder.hpp"

namespace musclemap::net {
namespace {

using Map = GraphBuilder::Map;

constexpr double kInstanceNormEpsilon = 1e-5;
constexpr double kSlope = 0.01;

/// Stages of the decoder come before its transposed convolutions, its heads last.
std::vector<std::uint32_t> state_dict_order(const Graph& graph) {
  std::vector<std::uint32_t> order;
  for (const char* part : {"encoder.", "decoder.stages.", "decoder.transpconvs.", "decoder.seg_layers."}) {
    for (std::uint32_t i = 0; i < graph.parameters.size(); ++i) {
      if (graph.parameters[i].name.rfind(part, 0) == 0) order.push_back(i);
    }
  }
  return order;
}

class NnUNetPlain {
 public:
  explicit NnUNetPlain(const NnUNetPlainSpec& spec)
      : spec_(spec), builder_(static_cast<int>(spec.strides.at(0).size())) {}

  Graph build() {
    const std::size_t stages = spec_.features.size();
    std::vector<Map> skips;
    Map map = builder_.input("image", spec_.in_channels);
    for (std::size_t s = 0; s < stages; ++s) {
      map = stage(map, "encoder.stages." + std::to_string(s) + ".0", s, spec_.encoder_convolutions[s],
                  spec_.strides[s]);
      skips.push_back(map);
    }
    for (std::size_t s = 0; s + 1 < stages; ++s) {
      const std::size_t level = stages - 2 - s;
      const std::string up = "decoder.transpconvs." + std::to_string(s);
      map =
          builder_.transposed_convolution(map, up, spec_.features[level], growing(spec_.strides[level + 1]));
      map = builder_.concatenation({map, skips[level]}, up + ".joined");
      map = stage(map, "decoder.stages." + std::to_string(s), level, spec_.decoder_convolutions[s],
                  std::vector<int>(axes(), 1));
      const Map head = builder_.convolution(map, "decoder.seg_layers." + std::to_string(s),
                                            spec_.out_channels, builder_.every_axis(Taps()));
      if (level == 0) builder_.output("scores", head);
    }
    Graph graph = builder_.finish();
    order_parameters(state_dict_order(graph), &graph);
    return graph;
  }

 private:
  std::size_t axes() const { return spec_.strides[0].size(); }

  /// Convolutions, each with norm and activation; the first one has the stride.
  Map stage(Map map, const std::string& name, std::size_t level, int count, std::vector<int> strides) {
    for (int c = 0; c < count; ++c) {
      std::vector<Taps> taps(axes());
      for (std::size_t axis = 0; axis < axes(); ++axis) {
        taps[axis].kernel = spec_.kernels[level][axis];
        taps[axis].stride = strides[axis];
        taps[axis].padding = (taps[axis].kernel - 1) / 2;
        strides[axis] = 1;
      }
      const std::string block = name + ".convs." + std::to_string(c);
      map = builder_.convolution(map, block + ".conv", spec_.features[level], taps);
      map = builder_.norm(LayerKind::instance_norm, map, block + ".norm", true, kInstanceNormEpsilon);
      map = builder_.leaky_relu(map, block + ".nonlin", kSlope);
    }
    return map;
  }

  /// The kernel is the stride.
  std::vector<Taps> growing(const std::vector<int>& strides) const {
    std::vector<Taps> taps(axes());
    for (std::size_t axis = 0; axis < axes(); ++axis) taps[axis].kernel = taps[axis].stride = strides[axis];
    return taps;
  }

  const NnUNetPlainSpec& spec_;
  GraphBuilder builder_;
};

void check(const NnUNetPlainSpec& spec) {
  const std::size_t stages = spec.features.size();
  const auto refuse = [](const std::string& message) { throw Error(ErrorCode::model, message); };
  if (stages < 2) refuse("a U-Net of nnU-Net needs features for at least 2 stages");
  if (spec.kernels.size() != stages || spec.strides.size() != stages ||
      spec.encoder_convolutions.size() != stages || spec.decoder_convolutions.size() != stages - 1) {
    refuse("kernels, strides and numbers of convolutions are not those of " + std::to_string(stages) +
           " stages");
  }
  const std::size_t axes = spec.strides[0].size();
  for (const auto* each : {&spec.kernels, &spec.strides}) {
    for (const std::vector<int>& of_stage : *each) {
      if (of_stage.size() != axes) refuse("kernels and strides have different numbers of axes");
    }
  }
  const auto none = [](int count) { return count < 1; };
  if (std::any_of(spec.encoder_convolutions.begin(), spec.encoder_convolutions.end(), none) ||
      std::any_of(spec.decoder_convolutions.begin(), spec.decoder_convolutions.end(), none)) {
    refuse("a stage has no convolution");
  }
}

}  // namespace

Graph nnunet_plain(const NnUNetPlainSpec& spec) {
  check(spec);
  return NnUNetPlain(spec).build();
}

}  // namespace musclemap::net
