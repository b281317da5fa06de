// Headers of results that are not those of their image.
#ifndef MUSCLEMAP_IO_NIFTI_RESULT_HEADER_HPP_
#define MUSCLEMAP_IO_NIFTI_RESULT_HEADER_HPP_

#include <memory>
#include <string_view>

#include "musclemap/nifti.hpp"

namespace musclemap::io {

/// For NiftiWriteOptions::like: a place and nothing else, as nibabel gives it to an image without a header.
/// The affine is the sform (code 2, aligned), there is no qform, lengths of the voxels are single-precision
/// norms of the affine's columns. `units` is xyzt_units: 0 states none. Error `unsupported` for an axis too
/// long for NIfTI-1.
std::shared_ptr<const NiftiHeader> plain_header(const Geometry& geometry, int units = 0);

/// The header with an extension in front of its own: readers that look at the first one alone find it. The
/// content is filled up with zeros as NIfTI wants it.
std::shared_ptr<const NiftiHeader> with_extension(const NiftiHeader& header, int code,
                                                  std::string_view content);

/// The header without extensions and free text, in which names and dates travel.
std::shared_ptr<const NiftiHeader> without_text(const NiftiHeader& header);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_NIFTI_RESULT_HEADER_HPP_
