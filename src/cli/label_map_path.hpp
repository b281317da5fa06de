// What -o of the commands that segment means.
#ifndef MUSCLEMAP_CLI_LABEL_MAP_PATH_HPP_
#define MUSCLEMAP_CLI_LABEL_MAP_PATH_HPP_

#include <cstddef>
#include <filesystem>
#include <string>

namespace musclemap::cli {

/// Error `argument` for an `output` that is neither a folder nor, for one image, a label map's file (.nii or
/// .nii.gz); empty is right.
void check_label_map_output(const std::filesystem::path& output, std::size_t images);

/// That file; else <image><suffix>.nii.gz in that folder, or next to the image where `output` is empty.
std::filesystem::path label_map_path(const std::filesystem::path& image, const std::filesystem::path& output,
                                     const std::string& suffix);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_LABEL_MAP_PATH_HPP_
