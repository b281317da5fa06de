// nnU-Net's U-Net with a residual encoder: `ResidualEncoderUNet` of dynamic_network_architectures, as the
// ResEnc presets of nnU-Net v2 plan it.
#ifndef MUSCLEMAP_NET_ARCH_NNUNET_RESIDUAL_HPP_
#define MUSCLEMAP_NET_ARCH_NNUNET_RESIDUAL_HPP_

#include "net/arch/nnunet_spec.hpp"

namespace musclemap::net {

/// A stem of one convolution as wide as the first stage, then stages of `encoder_depths` blocks: two
/// convolutions with norm, an activation after the first and one after the sum with the shortcut. The
/// shortcut is averaged where the block is strided, and projected (kernel 1, no bias, norm) where its width
/// changes. Everything else, ports and parameters, as nnunet_plain() has it.
Graph nnunet_residual(const NnUNetSpec& spec);

}  // namespace musclemap::net

#endif  // MUSCLEMAP_NET_ARCH_NNUNET_RESIDUAL_HPP_
