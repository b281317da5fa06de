// A gzip file (RFC 1952) as the stream of bytes that it holds.
#ifndef MUSCLEMAP_IO_GZIP_SOURCE_HPP_
#define MUSCLEMAP_IO_GZIP_SOURCE_HPP_

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "io/byte_source.hpp"
#include "io/input_file.hpp"

namespace musclemap::io {

/// Members follow each other as one stream; zero bytes after the last one are padding, anything else there is
/// `corrupt`. Length and CRC-32 of each member are checked when its end is reached.
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
  void start_again();
  void next_member();
  void check_padding();
  [[noreturn]] void throw_bad_stream() const;

  InputFile file_;
  std::vector<unsigned char> input_;
  z_stream stream_{};
  std::uint64_t file_offset_ = 0;
  std::uint64_t position_ = 0;  // in the inflated stream
  bool ended_ = false;
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_GZIP_SOURCE_HPP_
