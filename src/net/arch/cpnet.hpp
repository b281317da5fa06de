// Cellpose 3's network, `CPnet` of cellpose/resnet_torch.py (docs/chains/cells.md#network).
#ifndef MUSCLEMAP_NET_ARCH_CPNET_HPP_
#define MUSCLEMAP_NET_ARCH_CPNET_HPP_

#include <vector>

#include "net/graph.hpp"
#include "net/tensor.hpp"

namespace musclemap::net {

/// A residual U-Net with a style vector whose maps of the way down are added, not joined, on the way up.
struct CpNetSpec {
  int in_channels = 2;
  std::vector<int> widths;  ///< of the levels, the finest first: 32, 64, 128, 256
  int outputs = 3;          ///< y flow and x flow, five-fold, and the cell's logit
};

/// What the weights' names and shapes say. Error `model` names the first that is missing or of another shape.
CpNetSpec cpnet_spec(const StateDict& weights);

/// Ports "image", "scores" (as many channels as outputs) and "style" (widths.back(), of length 1); images
/// have sizes that 2^(levels - 1) divides. Parameters as Cellpose's state dict lists them, without
/// `diam_mean` and `diam_labels`. Error `model` for numbers that make no network.
Graph cpnet(const CpNetSpec& spec);

}  // namespace musclemap::net

#endif  // MUSCLEMAP_NET_ARCH_CPNET_HPP_
