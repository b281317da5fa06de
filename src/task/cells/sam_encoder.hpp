// The image encoder of the Segment Anything Model, whose output its decoders take.
#ifndef MUSCLEMAP_TASK_CELLS_SAM_ENCODER_HPP_
#define MUSCLEMAP_TASK_CELLS_SAM_ENCODER_HPP_

#include <cstdint>
#include <vector>

#include "image/steps/sam_picture.hpp"
#include "infer/engine.hpp"
#include "net/tensor.hpp"

namespace musclemap::task {

/// Outputs of a network, checked. Error `model`, which tells `name`, where there are fewer than `shapes` or
/// where one has another shape; further ones are left out.
std::vector<net::Tensor> run_sam_network(infer::Engine& engine, const std::vector<net::Tensor>& inputs,
                                         const std::vector<std::vector<std::int64_t>>& shapes,
                                         const char* name);

/// (1, 256, 64, 64).
net::Tensor encode_picture(infer::Engine& encoder, image::SamPicture picture);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_SAM_ENCODER_HPP_
