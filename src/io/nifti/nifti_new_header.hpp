// The bytes that a new NIfTI file starts with.
#ifndef MUSCLEMAP_IO_NIFTI_NIFTI_NEW_HEADER_HPP_
#define MUSCLEMAP_IO_NIFTI_NIFTI_NEW_HEADER_HPP_

#include <filesystem>
#include <vector>

#include "io/nifti/nifti_header.hpp"

namespace musclemap::io {

/// Header, extension flag and extensions of a single file, little-endian, up to its first voxel. With `like`
/// the fields stay that NiftiWriteOptions says; without it `geometry` is sform
/// and, where its axes are at right angles, qform. NIfTI-2 where `like` is, or without `like` where an axis
/// is too long for NIfTI-1. Error `argument` for a shape below 1, `unsupported` for one too long for `like`,
/// `geometry` for an unusable affine and for a volume that is not on the grid of `like`.
std::vector<unsigned char> new_header(const Geometry& geometry, DType dtype, const NiftiWriteOptions& options,
                                      const std::filesystem::path& file);

/// Leaves out extensions and texts of the header, names and dates among them.
void drop_other_text(NiftiHeader& header);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_NIFTI_NIFTI_NEW_HEADER_HPP_
