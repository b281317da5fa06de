// File names of NIfTI images.
#ifndef MUSCLEMAP_IO_NIFTI_NIFTI_PATHS_HPP_
#define MUSCLEMAP_IO_NIFTI_NIFTI_PATHS_HPP_

#include <filesystem>
#include <string>

namespace musclemap::io {

/// Whether the name ends as that of a header or voxel file of a pair: .hdr, .img, either with .gz, in any
/// case.
bool is_pair_name(const std::filesystem::path& file);

/// The header to open for `file`: itself, or for the .img of a pair the .hdr (or .hdr.gz) beside it.
std::filesystem::path header_path(const std::filesystem::path& file);

/// The voxel file of the pair whose header is `header`: `asked` if that is one, else the .img or .img.gz
/// beside the header, the one compressed like the header first. Names a file that may not exist.
std::filesystem::path voxel_path(const std::filesystem::path& header, const std::filesystem::path& asked);

/// File name without folder and without .nii, .hdr, .img, either with .gz, in any case.
std::string image_stem(const std::filesystem::path& file);

/// The JSON beside a label map: `<labels without .nii or .nii.gz>.json`.
std::filesystem::path sidecar_path(const std::filesystem::path& labels);

/// Whether the name ends in .nii or .nii.gz, in any case, after something else.
bool is_output_name(const std::filesystem::path& file);

enum class OutputKind { plain, gzip };

/// From .nii or .nii.gz, in any case; Error `argument` for another ending.
OutputKind output_kind(const std::filesystem::path& file);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_NIFTI_NIFTI_PATHS_HPP_
