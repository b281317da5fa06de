// Tells whether a network is a UNet of the described kind.
#ifndef MUSCLEMAP_INFER_RECOGNISE_UNET_HPP_
#define MUSCLEMAP_INFER_RECOGNISE_UNET_HPP_

#include <cstdint>
#include <vector>

#include "infer/network.hpp"
#include "net/graph.hpp"

namespace musclemap::infer {

struct RecognisedUNet {
  UNetSpec spec;
  /// Which of Graph::parameters is each of monai_unet(spec).parameters; Layer::kNone for the counters of
  /// batch norm, which no result depends on.
  std::vector<std::uint32_t> tensors;
};

/// The settings are read off the layers, then every layer, setting and shape is compared with the UNet of
/// those settings. Error `unsupported` names the first difference.
RecognisedUNet recognise_unet(const net::Graph& flow);

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_RECOGNISE_UNET_HPP_
