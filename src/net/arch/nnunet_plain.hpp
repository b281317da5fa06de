// nnU-Net's plain U-Net: `PlainConvUNet` of dynamic_network_architectures, as nnU-Net v2 plans it.
#ifndef MUSCLEMAP_NET_ARCH_NNUNET_PLAIN_HPP_
#define MUSCLEMAP_NET_ARCH_NNUNET_PLAIN_HPP_

#include "net/arch/nnunet_spec.hpp"

namespace musclemap::net {

/// Stages of convolutions, each with norm and activation; transposed convolutions whose kernel is their
/// stride, their map before the skip connection's. Ports "image" and "scores"; parameters in the order of the
/// state dict, without the names that repeat others there (`decoder.encoder`, `all_modules`) and with the
/// heads of deep supervision, which no layer needs. Error `model` for numbers that do not go together.
Graph nnunet_plain(const NnUNetSpec& spec);

}  // namespace musclemap::net

#endif  // MUSCLEMAP_NET_ARCH_NNUNET_PLAIN_HPP_
