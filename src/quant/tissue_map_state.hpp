// What a TissueMap holds.
#ifndef MUSCLEMAP_QUANT_TISSUE_MAP_STATE_HPP_
#define MUSCLEMAP_QUANT_TISSUE_MAP_STATE_HPP_

#include <optional>
#include <vector>

#include "musclemap/tissue.hpp"

namespace musclemap {

struct TissueMap::State {
  TissueOptions options;
  std::vector<TissueFit> fits;
  Volume image;
  Volume labels;
  std::optional<Volume> excluded;
  Volume bits;    ///< u8, quant::MapBits, along the image's axes; made by recompute()
  Volume tissue;  ///< u8, codes of Tissue; made by recompute()
};

}  // namespace musclemap

#endif  // MUSCLEMAP_QUANT_TISSUE_MAP_STATE_HPP_
