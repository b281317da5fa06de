// How many voxels the size of a file makes believable.
#ifndef MUSCLEMAP_IO_FILES_JUSTIFIED_BYTES_HPP_
#define MUSCLEMAP_IO_FILES_JUSTIFIED_BYTES_HPP_

#include <cstdint>
#include <filesystem>

namespace musclemap::io {

/// Most bytes of voxels that a header of this size of file may declare when a file is only looked at: 500
/// times the size of `file` (of both files of a pair), at least 64 MiB. Real images compress by less; what
/// declares more is more likely a trap than a scan.
std::uint64_t justified_voxel_bytes(const std::filesystem::path& file);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_JUSTIFIED_BYTES_HPP_
