// The extensions between a NIfTI header and its voxels.
#ifndef MUSCLEMAP_IO_NIFTI_NIFTI_EXTENSIONS_HPP_
#define MUSCLEMAP_IO_NIFTI_NIFTI_EXTENSIONS_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "io/files/byte_source.hpp"
#include "io/nifti/nifti_header.hpp"

namespace musclemap::io {

/// Reads the extensions, if any, from `source`, which stands behind the fixed header; they end `end` bytes
/// from its start or with the stream. From the first odd one on they are left out with a warning. Error
/// `limit` if they take more than `most` bytes.
void read_extensions(ByteSource& source, std::uint64_t end, bool swapped, std::uint64_t most,
                     NiftiHeader& header, std::vector<Warning>& warnings);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_NIFTI_NIFTI_EXTENSIONS_HPP_
