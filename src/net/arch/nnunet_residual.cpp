// Names and order after dynamic_network_architectures 0.4: building_blocks/residual_encoders.py and
// residual.py (BasicBlockD).
#include "net/arch/nnunet_residual.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "net/arch/nnunet_parts.hpp"

namespace musclemap::net {
namespace {

using Map = NnUNetParts::Map;

Map residual_block(NnUNetParts* parts, Map input, const std::string& name, const NnUNetSpec& spec,
                   std::size_t stage, const std::vector<int>& stride) {
  GraphBuilder& builder = parts->builder();
  const std::vector<int> ones(parts->axes(), 1);
  const std::vector<int>& kernel = spec.kernels[stage];
  const int features = spec.features[stage];
  Map map = parts->normalised(input, name + ".conv1", features, parts->taps(kernel, stride), spec.bias);
  map = parts->activated(map, name + ".conv1.nonlin");
  map = parts->normalised(map, name + ".conv2", features, parts->taps(kernel, ones), spec.bias);
  Map shortcut = input;
  const bool strided = stride != ones;
  if (strided) {
    std::vector<Taps> window(parts->axes());
    for (std::size_t axis = 0; axis < window.size(); ++axis) {
      window[axis].kernel = window[axis].stride = stride[axis];
    }
    shortcut = builder.average_pool(shortcut, name + ".skip.0", window);
  }
  if (builder.channels(input) != features) {
    shortcut = parts->normalised(shortcut, name + ".skip." + (strided ? "1" : "0"), features,
                                 builder.every_axis(Taps()), false);
  }
  return parts->activated(builder.sum(map, shortcut, name), name + ".nonlin2");
}

}  // namespace

Graph nnunet_residual(const NnUNetSpec& spec) {
  NnUNetParts parts(spec);
  const std::vector<int> ones(parts.axes(), 1);
  std::vector<Map> skips;
  Map map = parts.builder().input("image", spec.in_channels);
  map = parts.stacked(map, "encoder.stem", 0, 1, ones);
  for (std::size_t s = 0; s < spec.features.size(); ++s) {
    for (int b = 0; b < spec.encoder_depths[s]; ++b) {
      const std::string name = "encoder.stages." + std::to_string(s) + ".blocks." + std::to_string(b);
      map = residual_block(&parts, map, name, spec, s, b == 0 ? spec.strides[s] : ones);
    }
    skips.push_back(map);
  }
  return parts.decoded(skips);
}

}  // namespace musclemap::net
