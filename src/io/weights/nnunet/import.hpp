// A zip archive of trained networks, as nnU-Net and TotalSegmentator hand them out, put where models are
// looked for.
#ifndef MUSCLEMAP_IO_WEIGHTS_NNUNET_IMPORT_HPP_
#define MUSCLEMAP_IO_WEIGHTS_NNUNET_IMPORT_HPP_

#include <filesystem>
#include <vector>

#include "musclemap/run.hpp"

namespace musclemap::io {

/// The archive holds DatasetNNN_…/<trainer>__<plans>__<configuration>/ with plans.json, dataset.json and
/// fold_…/checkpoint_….pth. These are unpacked beside their place, opened, every checkpoint read against its
/// plans, and only then given their names in `results_folder` (made where it is not there); a failure leaves
/// nothing behind. Other files of the archive are left out. Gives the folders of the models. Errors:
/// `argument` (a model is there already), `format` (a name that leads out of the folder, damage, no model in
/// it) and those of open_nnunet_folder() and read_nnunet_fold().
std::vector<std::filesystem::path> import_nnunet_zip(const std::filesystem::path& zip,
                                                     const std::filesystem::path& results_folder,
                                                     const RunControl& control = {});

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_NNUNET_IMPORT_HPP_
