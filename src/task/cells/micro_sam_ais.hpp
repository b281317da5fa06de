// micro-sam's automatic instance segmentation of a picture: encoder, decoder, cells.
#ifndef MUSCLEMAP_TASK_CELLS_MICRO_SAM_AIS_HPP_
#define MUSCLEMAP_TASK_CELLS_MICRO_SAM_AIS_HPP_

#include "decode/ais/ais_labels.hpp"
#include "image/steps/sam_picture.hpp"
#include "infer/engine.hpp"
#include "musclemap/run.hpp"
#include "task/cells/sam_tiles.hpp"

namespace musclemap::task {

/// The decoder's maps on the picture's pixels, tile by tile where there are tiles. A tile of one value has no
/// cells: foreground 0, distances 1. Memory: 12 bytes a pixel, and the networks' own.
/// Errors: `model` for networks of other shapes than docs/chains/cells.md#networks-of-micro-sam says,
/// `argument` as sam_picture() and sam_tiles(), `cancelled`.
decode::AisMaps ais_maps(infer::Engine& encoder, infer::Engine& decoder, const image::PicturePart& picture,
                         image::SamContrast contrast, const SamTiling& tiling, const RunControl& control);

/// Cells of the maps of the whole picture.
decode::AisLabels segment_ais(infer::Engine& encoder, infer::Engine& decoder,
                              const image::PicturePart& picture, image::SamContrast contrast,
                              const SamTiling& tiling, const decode::AisOptions& options,
                              const RunControl& control);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_MICRO_SAM_AIS_HPP_
