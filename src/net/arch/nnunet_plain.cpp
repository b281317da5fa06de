// Names and order after dynamic_network_architectures 0.4: architectures/unet.py and
// building_blocks/plain_conv_encoder.py.
#include "net/arch/nnunet_plain.hpp"

#include <string>
#include <vector>

#include "net/arch/nnunet_parts.hpp"

namespace musclemap::net {

Graph nnunet_plain(const NnUNetSpec& spec) {
  NnUNetParts parts(spec);
  std::vector<NnUNetParts::Map> skips;
  NnUNetParts::Map map = parts.builder().input("image", spec.in_channels);
  for (std::size_t s = 0; s < spec.features.size(); ++s) {
    map = parts.stacked(map, "encoder.stages." + std::to_string(s) + ".0", s, spec.encoder_depths[s],
                        spec.strides[s]);
    skips.push_back(map);
  }
  return parts.decoded(skips);
}

}  // namespace musclemap::net
