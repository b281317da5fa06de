// What is in a NIfTI file, for programs.
#ifndef MUSCLEMAP_TASK_INFO_JSON_HPP_
#define MUSCLEMAP_TASK_INFO_JSON_HPP_

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "musclemap/nifti.hpp"
#include "musclemap/pictures.hpp"

namespace musclemap::task {

/// One object; `check` may be null. Numbers that are not finite become the strings "nan", "inf" and "-inf".
nlohmann::ordered_json info_json(const std::filesystem::path& file, const NiftiInfo& info,
                                 const NiftiVoxelCheck* check);

/// The same as text on one line; bytes that are not UTF-8 are replaced.
std::string info_json_text(const std::filesystem::path& file, const NiftiInfo& info,
                           const NiftiVoxelCheck* check);

/// One object of a file of pictures: `shape` F, T, C, Z, Y, X, `pixel_size_xyz_um` with null where it is not
/// known. Reads every plane for `sha256_pixels_le`, which is of the stored type in the order of that shape.
nlohmann::ordered_json picture_json(const std::filesystem::path& file, PictureReader& pictures);

/// Whether both matrices have a code and differ by more than single precision explains.
bool forms_differ(const NiftiInfo& info);

/// Volume of a voxel in mm³.
double voxel_volume_mm3(const NiftiInfo& info);

/// Whether voxels of this type are one real number each, so that a check has statistics of them.
bool has_statistics(const NiftiVoxelCheck& check);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_INFO_JSON_HPP_
