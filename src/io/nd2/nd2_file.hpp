// The chunks of an ND2 file of version 3.0 or newer, by name.
#ifndef MUSCLEMAP_IO_ND2_ND2_FILE_HPP_
#define MUSCLEMAP_IO_ND2_ND2_FILE_HPP_

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

#include "io/files/input_file.hpp"

namespace musclemap::io {

/// Whether a file that begins so is an ND2 file, of any version.
bool looks_like_nd2(std::string_view start);

/// Chunks are found by the map at the end of the file; what it says is compared with each chunk's own header.
/// One thread at a time.
class Nd2File {
 public:
  /// Errors name the file: `io`; `format`; `unsupported` for the older format, which is JPEG 2000, and for
  /// versions below 3.0.
  explicit Nd2File(const std::filesystem::path& file);

  bool has(const std::string& chunk) const { return chunks_.count(chunk) != 0; }
  /// The bytes of a chunk, whose name ends in '!'. Errors: `format` for one that is not there or longer than
  /// `most_bytes`, `io`.
  std::string read(const std::string& chunk, std::uint64_t most_bytes) const;
  const std::filesystem::path& path() const { return file_.path(); }
  /// Bytes of the file.
  std::uint64_t size() const { return file_.size(); }

 private:
  std::string bytes_at(std::uint64_t offset, std::uint64_t count) const;
  void read_map();

  InputFile file_;
  std::unordered_map<std::string, std::uint64_t> chunks_;  // offset of the header
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_ND2_ND2_FILE_HPP_
