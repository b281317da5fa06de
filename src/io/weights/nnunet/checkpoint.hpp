// A checkpoint that nnU-Net's trainers write: torch.save of a dictionary.
#ifndef MUSCLEMAP_IO_WEIGHTS_NNUNET_CHECKPOINT_HPP_
#define MUSCLEMAP_IO_WEIGHTS_NNUNET_CHECKPOINT_HPP_

#include <string>
#include <vector>

#include "io/weights/zip_reader.hpp"
#include "net/tensor.hpp"

namespace musclemap::io {

struct NnunetCheckpoint {
  /// Of `network_weights`, each once: names that repeat others (`decoder.encoder.…`, `….all_modules.…`) are
  /// left out where they hold the same values.
  net::StateDict weights;
  std::string trainer;              ///< trainer_name
  std::string configuration;        ///< init_args["configuration"]; empty where it is not told
  std::vector<int> mirroring_axes;  ///< inference_allowed_mirroring_axes
};

/// Everything else, the state of the optimiser first of all, is walked over: no storage of it is looked at.
/// Errors: `format`, `unsupported` (a function that is no part of such files, by name), `model` (no
/// network_weights, two values under names of one tensor, values that are not finite).
NnunetCheckpoint read_nnunet_checkpoint(const ZipReader& zip);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_NNUNET_CHECKPOINT_HPP_
