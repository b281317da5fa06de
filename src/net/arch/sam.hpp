// The Segment Anything Model and micro-sam's decoder: which tensors a checkpoint must have. LibTorch's module
// knows how they are computed (infer/torch_sam.hpp).
#ifndef MUSCLEMAP_NET_ARCH_SAM_HPP_
#define MUSCLEMAP_NET_ARCH_SAM_HPP_

#include "net/tensor.hpp"

namespace musclemap::net {

// Widths, depths and windows are read of the weights; what they must fit is the contract of
// docs/chains/cells.md#networks-of-micro-sam. What is needed is moved out of the checkpoint. Errors `model`
// that name a tensor which is missing or has another shape.

/// Of `image_encoder.`, without that prefix: the vision transformer of any width and depth for pictures of
/// 1024 x 1024 pixels in patches of 16, with 256 channels of its embedding.
StateDict sam_encoder_weights(StateDict* model);
/// Of `prompt_encoder.` and `mask_decoder.`, for prompts of points.
StateDict sam_mask_decoder_weights(StateDict* model);
/// Of a `decoder_state`: three maps.
StateDict microsam_decoder_weights(StateDict* decoder);

}  // namespace musclemap::net

#endif  // MUSCLEMAP_NET_ARCH_SAM_HPP_
