// A whole file in memory, so that what is checked and what is used are the same bytes.
#ifndef MUSCLEMAP_IO_FILES_FILE_BYTES_HPP_
#define MUSCLEMAP_IO_FILES_FILE_BYTES_HPP_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace musclemap::io {

/// Called with what has been read, piece by piece, and the size of the file; what it throws comes out.
using OnPiece = std::function<void(std::string_view piece, std::uint64_t size)>;

/// Errors: `io` (missing, a folder or device, not readable), `memory` reason `limit` (more than
/// `limit_bytes`).
std::string read_file_bytes(const std::filesystem::path& file, std::uint64_t limit_bytes);

/// The same into `bytes`, whose memory stays where it is while pieces are handed on.
void read_file_bytes(const std::filesystem::path& file, std::uint64_t limit_bytes, std::string* bytes,
                     const OnPiece& on_piece = {});

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_FILE_BYTES_HPP_
