// Where a NIfTI header puts its voxels.
#ifndef MUSCLEMAP_IO_NIFTI_NIFTI_AFFINE_HPP_
#define MUSCLEMAP_IO_NIFTI_NIFTI_AFFINE_HPP_

#include <filesystem>
#include <optional>
#include <string>

#include "io/nifti/nifti_header.hpp"
#include "musclemap/nifti.hpp"

namespace musclemap::io {

/// The sform's rows, whatever its code.
Affine sform_matrix(const HeaderFields& fields);

/// The matrix of the quaternion fields, whatever the code (nifti1.h, method 2); empty if they describe none,
/// with the cause in `why_not`.
std::optional<Affine> qform_matrix(const HeaderFields& fields, std::string& why_not);

/// Fills sform, qform, affine, affine_source, unit and their warnings. Error `geometry` if the affine cannot
/// be used.
void describe_position(const HeaderFields& fields, NiftiInfo& info, const std::filesystem::path& file);

/// geometry_in_mm()'s affine. Errors name `file`.
Affine in_mm(const Affine& affine, const std::string& unit, const std::filesystem::path& file);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_NIFTI_NIFTI_AFFINE_HPP_
