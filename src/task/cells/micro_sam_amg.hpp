// micro-sam's automatic mask generation on a picture: encoder, masks for a grid of points, cells.
#ifndef MUSCLEMAP_TASK_CELLS_MICRO_SAM_AMG_HPP_
#define MUSCLEMAP_TASK_CELLS_MICRO_SAM_AMG_HPP_

#include <cstdint>
#include <vector>

#include "decode/amg/amg_labels.hpp"
#include "image/steps/sam_picture.hpp"
#include "infer/engine.hpp"
#include "musclemap/run.hpp"

namespace musclemap::task {

/// Points of an n x n grid, (x, y) each, in the pixels of the scaled picture; x rises fastest.
std::vector<float> grid_points(std::int64_t n, const image::PlaneShape& picture,
                               const image::PlaneShape& scaled);

/// Cells of a picture; a picture of one value has none. Memory: the networks' own, the logits of a batch of
/// points (0.8 MB a point), the runs of the masks kept, 4 bytes a pixel of the picture.
/// Errors: as segment_ais().
/// @param decoder takes an embedding, points (n, 1, 2) and labels (n, 1); gives logits (n, 3, 256, 256) and
///        predicted IoUs (n, 3)
decode::AmgLabels segment_amg(infer::Engine& encoder, infer::Engine& decoder,
                              const image::PicturePart& picture, image::SamContrast contrast,
                              const decode::AmgOptions& options, const RunControl& control);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_MICRO_SAM_AMG_HPP_
