// The stage of a network that nnU-Net has trained (docs/chains/totalsegmentator.md, section 7).
#ifndef MUSCLEMAP_TASK_NNUNET_STAGE_HPP_
#define MUSCLEMAP_TASK_NNUNET_STAGE_HPP_

#include <filesystem>
#include <map>
#include <string>

#include "io/weights/nnunet/folder.hpp"
#include "task/task_spec.hpp"
#include "task/task_state.hpp"

namespace musclemap::task {

/// Where networks come from, by NetworkRef::file.
using NetworkSources = std::map<std::string, NetworkSource>;

/// What the plans say is done to the grid of a task and undone, with the folder's folds; labels are those of
/// the data set, windows are not mirrored. Errors: `unsupported` for resamplings that are not made; they name
/// the folder.
/// @param below networks are called by their path below this folder
/// @param step from window to window, as a part of a window
StageSpec nnunet_stage(const io::NnunetFolder& folder, const std::filesystem::path& below, double step);

/// Adds the folder's folds, called as nnunet_stage() calls them. Nothing is read.
void add_nnunet_sources(const io::NnunetFolder& folder, const std::filesystem::path& below,
                        NetworkSources* sources);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_NNUNET_STAGE_HPP_
