// Checkpoints of segment-anything and micro-sam (docs/chains/cells.md#checkpoints-of-micro-sam).
#ifndef MUSCLEMAP_IO_WEIGHTS_MICROSAM_CHECKPOINT_HPP_
#define MUSCLEMAP_IO_WEIGHTS_MICROSAM_CHECKPOINT_HPP_

#include <string_view>

#include "net/tensor.hpp"

namespace musclemap::io {

struct SamCheckpoint {
  net::StateDict model;    ///< names without the prefix `sam.`
  net::StateDict decoder;  ///< what the file has as `decoder_state`; empty where it has none
};

/// A file of torch.save: named tensors, or a dictionary with such under `model_state` and, it may be,
/// `decoder_state`. Nothing in it is run. Errors as read_state_dict() and read_checkpoint_pickle().
SamCheckpoint read_sam_checkpoint(std::string_view bytes);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_MICROSAM_CHECKPOINT_HPP_
