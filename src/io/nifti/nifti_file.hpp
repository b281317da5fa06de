// A NIfTI file, opened and checked as far as the header allows.
#ifndef MUSCLEMAP_IO_NIFTI_NIFTI_FILE_HPP_
#define MUSCLEMAP_IO_NIFTI_NIFTI_FILE_HPP_

#include <filesystem>
#include <memory>

#include "io/files/byte_source.hpp"
#include "io/nifti/nifti_header.hpp"
#include "musclemap/nifti.hpp"

namespace musclemap::io {

struct NiftiFile {
  NiftiInfo info;
  HeaderFields fields;
  std::shared_ptr<const NiftiHeader> header;
  std::unique_ptr<ByteSource>
      voxels;  ///< of the single file or of the .img; voxels start at fields.voxel_offset
};

/// Opens `file`, and the other file of a pair; nothing else. The declared voxels fit the file. Errors as
/// nifti_info().
NiftiFile open_nifti_file(const std::filesystem::path& file, const NiftiLimits& limits);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_NIFTI_NIFTI_FILE_HPP_
