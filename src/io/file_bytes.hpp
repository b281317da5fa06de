// A whole file in memory, so that what is checked and what is used are the same bytes.
#ifndef MUSCLEMAP_IO_FILE_BYTES_HPP_
#define MUSCLEMAP_IO_FILE_BYTES_HPP_

#include <cstdint>
#include <filesystem>
#include <string>

namespace musclemap::io {

/// Errors: `io` (missing, a folder or device, not readable), `memory` reason `limit` (more than
/// `limit_bytes`).
std::string read_file_bytes(const std::filesystem::path& file, std::uint64_t limit_bytes);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILE_BYTES_HPP_
