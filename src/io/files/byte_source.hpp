// The bytes of a file as a stream, inflated where the file is compressed.
#ifndef MUSCLEMAP_IO_FILES_BYTE_SOURCE_HPP_
#define MUSCLEMAP_IO_FILES_BYTE_SOURCE_HPP_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

namespace musclemap::io {

/// One thread at a time.
class ByteSource {
 public:
  virtual ~ByteSource();
  /// Up to `count` bytes; fewer only at the end of the stream. Error `io`, `corrupt` or `truncated`.
  virtual std::size_t read(void* to, std::size_t count) = 0;
  /// Moves to `offset` from the start of the stream; a compressed stream is inflated up to there, from its
  /// start if that lies behind. Error as read(), and `truncated` if the stream is shorter.
  virtual void seek(std::uint64_t offset) = 0;
  /// Checks what a reader of the wanted bytes would not see: the rest of a compressed stream and its
  /// checksums. Error `limit` if more than `most` bytes follow.
  virtual void finish(std::uint64_t most) = 0;
  /// No stream of this file can be longer than this, in bytes.
  virtual std::uint64_t longest() const = 0;
  virtual bool compressed() const = 0;
  virtual const std::filesystem::path& path() const = 0;

  /// Exactly `count` bytes; Error `truncated`, naming `what`, if the stream ends before.
  void read_all(void* to, std::size_t count, const char* what);
};

/// Opens `file`; gzip is recognised by its first two bytes, whatever the name says. Error `io`.
std::unique_ptr<ByteSource> open_source(const std::filesystem::path& file);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_BYTE_SOURCE_HPP_
