// Folders that results are written to.
#ifndef MUSCLEMAP_IO_FILES_OUTPUT_FOLDER_HPP_
#define MUSCLEMAP_IO_FILES_OUTPUT_FOLDER_HPP_

#include <filesystem>

namespace musclemap::io {

/// Error `argument` for a file, and for a name such as seg.nii.gz or qc.png that is no folder yet: who
/// gave it meant a file, and would not find one. Empty is right.
void check_output_folder(const std::filesystem::path& folder);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_OUTPUT_FOLDER_HPP_
