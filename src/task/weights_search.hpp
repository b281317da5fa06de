// Where nnU-Net's folders of results are looked for.
#ifndef MUSCLEMAP_TASK_WEIGHTS_SEARCH_HPP_
#define MUSCLEMAP_TASK_WEIGHTS_SEARCH_HPP_

#include <filesystem>
#include <vector>

namespace musclemap::task {

/// TOTALSEG_WEIGHTS_PATH if it is set, else TOTALSEG_HOME_DIR or ~/.totalsegmentator, with /nnunet/results;
/// then the folders of MUSCLEMAP_MODEL_PATH (colon-separated).
std::vector<std::filesystem::path> weights_search_path();

/// The first of these folders that has `wanted` (a relative path) as a folder or file; empty: none has.
std::filesystem::path find_weights(const std::vector<std::filesystem::path>& roots,
                                   const std::filesystem::path& wanted);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_WEIGHTS_SEARCH_HPP_
