// Folders that results are written to.
#ifndef MUSCLEMAP_PIPELINE_OUTPUT_FOLDER_HPP_
#define MUSCLEMAP_PIPELINE_OUTPUT_FOLDER_HPP_

#include <filesystem>

namespace musclemap::pipeline {

/// Error `argument` for a file, and for a name such as seg.nii.gz or qc.png that is no folder yet: who
/// gave it meant a file, and would not find one. Empty is right.
void check_output_folder(const std::filesystem::path& folder);

}  // namespace musclemap::pipeline

#endif  // MUSCLEMAP_PIPELINE_OUTPUT_FOLDER_HPP_
