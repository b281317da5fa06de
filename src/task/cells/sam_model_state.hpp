// What a SamModel holds.
#ifndef MUSCLEMAP_TASK_CELLS_SAM_MODEL_STATE_HPP_
#define MUSCLEMAP_TASK_CELLS_SAM_MODEL_STATE_HPP_

#include <filesystem>
#include <string>

#include "musclemap/micro_sam.hpp"
#include "task/cells/sam_network.hpp"

namespace musclemap {

struct SamModel::State {
  std::string name;
  std::filesystem::path file;
  task::SamNetwork encoder;
  task::SamNetwork ais_decoder;   ///< may be missing
  task::SamNetwork mask_decoder;  ///< may be missing
};

}  // namespace musclemap

#endif  // MUSCLEMAP_TASK_CELLS_SAM_MODEL_STATE_HPP_
