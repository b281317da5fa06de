// Names and order after dynamic_network_architectures 0.4: building_blocks/simple_conv_blocks.py and
// unet_decoder.py.
#include "net/arch/nnunet_parts.hpp"

#include <algorithm>
#include <cstdint>

#include "musclemap/error.hpp"
#include "net/finish_graph.hpp"

namespace musclemap::net {
namespace {

using Map = NnUNetParts::Map;

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

const NnUNetSpec& checked(const NnUNetSpec& spec) {
  const std::size_t stages = spec.features.size();
  const auto refuse = [](const std::string& message) { throw Error(ErrorCode::model, message); };
  if (stages < 2) refuse("a U-Net of nnU-Net needs features for at least 2 stages");
  if (spec.kernels.size() != stages || spec.strides.size() != stages ||
      spec.encoder_depths.size() != stages || spec.decoder_convolutions.size() != stages - 1) {
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
  if (std::any_of(spec.encoder_depths.begin(), spec.encoder_depths.end(), none) ||
      std::any_of(spec.decoder_convolutions.begin(), spec.decoder_convolutions.end(), none)) {
    refuse("a stage has no convolution");
  }
  return spec;
}

}  // namespace

NnUNetParts::NnUNetParts(const NnUNetSpec& spec)
    : spec_(checked(spec)), builder_(static_cast<int>(spec.strides[0].size())) {}

std::vector<Taps> NnUNetParts::taps(const std::vector<int>& kernel, const std::vector<int>& stride) const {
  std::vector<Taps> taps(axes());
  for (std::size_t axis = 0; axis < axes(); ++axis) {
    taps[axis].kernel = kernel[axis];
    taps[axis].stride = stride[axis];
    taps[axis].padding = (kernel[axis] - 1) / 2;
  }
  return taps;
}

Map NnUNetParts::normalised(Map map, const std::string& name, int features, const std::vector<Taps>& taps,
                            bool bias) {
  map = builder_.convolution(map, name + ".conv", features, taps, bias);
  return builder_.norm(spec_.norm, map, name + ".norm", spec_.affine, spec_.epsilon);
}

Map NnUNetParts::activated(Map map, const std::string& name) {
  return builder_.leaky_relu(map, name, spec_.slope);
}

Map NnUNetParts::stacked(Map map, const std::string& name, std::size_t stage, int count,
                         const std::vector<int>& stride) {
  const std::vector<int> ones(axes(), 1);
  for (int c = 0; c < count; ++c) {
    const std::string block = name + ".convs." + std::to_string(c);
    map = normalised(map, block, spec_.features[stage], taps(spec_.kernels[stage], c == 0 ? stride : ones),
                     spec_.bias);
    map = activated(map, block + ".nonlin");
  }
  return map;
}

Graph NnUNetParts::decoded(const std::vector<Map>& skips) {
  const std::size_t stages = skips.size();
  Map map = skips.back();
  for (std::size_t s = 0; s + 1 < stages; ++s) {
    const std::size_t level = stages - 2 - s;
    const std::string up = "decoder.transpconvs." + std::to_string(s);
    std::vector<Taps> growing(axes());  // the kernel is the stride
    for (std::size_t axis = 0; axis < axes(); ++axis) {
      growing[axis].kernel = growing[axis].stride = spec_.strides[level + 1][axis];
    }
    map = builder_.transposed_convolution(map, up, spec_.features[level], growing, spec_.bias);
    map = builder_.concatenation({map, skips[level]}, up + ".joined");
    map = stacked(map, "decoder.stages." + std::to_string(s), level, spec_.decoder_convolutions[s],
                  std::vector<int>(axes(), 1));
    const Map head = builder_.convolution(map, "decoder.seg_layers." + std::to_string(s), spec_.out_channels,
                                          builder_.every_axis(Taps()));
    if (level == 0) builder_.output("scores", head);
  }
  Graph graph = builder_.finish();
  order_parameters(state_dict_order(graph), &graph);
  return graph;
}

}  // namespace musclemap::net
