// Networks of the Segment Anything Model and of micro-sam in LibTorch; part of its engine module.
#ifndef MUSCLEMAP_INFER_TORCH_SAM_HPP_
#define MUSCLEMAP_INFER_TORCH_SAM_HPP_

#include <ATen/ATen.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace musclemap::torch_sam {

using Tensors = std::map<std::string, at::Tensor>;  ///< by their names in the checkpoint

/// A network that is known by its name.
class Network {
 public:
  virtual ~Network() = default;
  virtual std::vector<at::Tensor> forward(const std::vector<at::Tensor>& inputs) const = 0;
};

/// "sam_encoder": (1, 3, 16 g, 16 g) to (1, c, g, g). "sam_mask_decoder": an embedding (1, c, 64, 64), points
/// (1, 1, 2) as x, y of 1024 x 1024 pixels, labels (1, 1), to logits (1, 3, 256, 256) and predicted IoUs
/// (1, 3). "microsam_decoder": an embedding (1, c, g, g) to maps (1, 3, 16 g, 16 g) between 0 and 1. Widths
/// and depths are those of the tensors. Throws for another name and where a tensor is missing.
std::unique_ptr<Network> network_of(const std::string& name, Tensors tensors);

}  // namespace musclemap::torch_sam

#endif  // MUSCLEMAP_INFER_TORCH_SAM_HPP_
