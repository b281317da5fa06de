// What is in a NIfTI file, for programs.
#ifndef MUSCLEMAP_CLI_INFO_JSON_HPP_
#define MUSCLEMAP_CLI_INFO_JSON_HPP_

#include <filesystem>
#include <nlohmann/json.hpp>

#include "musclemap/nifti.hpp"

namespace musclemap::cli {

/// One object; `check` may be null. Numbers that are not finite become the strings "nan", "inf" and "-inf".
nlohmann::ordered_json info_json(const std::filesystem::path& file, const NiftiInfo& info,
                                 const NiftiVoxelCheck* check);

/// Whether both matrices have a code and differ by more than single precision explains.
bool forms_differ(const NiftiInfo& info);

/// Volume of a voxel in mm³.
double voxel_volume_mm3(const NiftiInfo& info);

/// Whether voxels of this type are one real number each, so that a check has statistics of them.
bool has_statistics(const NiftiVoxelCheck& check);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_INFO_JSON_HPP_
