// A gzip file (RFC 1952) as the stream of bytes that it holds.
#ifndef MUSCLEMAP_IO_FILES_GZIP_SOURCE_HPP_
#define MUSCLEMAP_IO_FILES_GZIP_SOURCE_HPP_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "io/files/byte_source.hpp"
#include "io/files/input_file.hpp"

struct inflate_state;  // of ISA-L

namespace musclemap::io {

/// Members follow each other as one stream; zero bytes after the last one are padding, anything else there is
/// `corrupt`. Length and CRC-32 of each member are checked when its end is reached. Damage is found up to 64
/// KiB before the bytes that it spoils, and reported to who asks for more than came out before it.
class GzipSource : public ByteSource {
 public:
  explicit GzipSource(InputFile file);
  ~GzipSource() override;
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  std::size_t read(void* to, std::size_t count) override;
  void seek(std::uint64_t offset) override;
  void finish(std::uint64_t most) override;
  std::uint64_t longest() const override;
  bool compressed() const override { return true; }
  const std::filesystem::path& path() const override { return file_.path(); }

 private:
  bool fill();
  unsigned char next_byte();
  void start_again();
  void start_member();
  void end_member();
  void check_padding();
  [[noreturn]] void throw_truncated() const;
  [[noreturn]] void throw_damaged(const char* what) const;

  InputFile file_;
  std::vector<unsigned char> input_;
  std::unique_ptr<inflate_state> state_;
  std::uint64_t file_offset_ = 0;
  std::uint64_t position_ = 0;  // in the inflated stream
  bool in_member_ = false;      // behind its header
  int damage_ = 0;              // ISA-L's word for it
  bool ended_ = false;
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_GZIP_SOURCE_HPP_
