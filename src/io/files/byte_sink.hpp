// Bytes on their way into a file, compressed where that is wanted.
#ifndef MUSCLEMAP_IO_FILES_BYTE_SINK_HPP_
#define MUSCLEMAP_IO_FILES_BYTE_SINK_HPP_

#include <cstddef>
#include <filesystem>
#include <memory>

namespace musclemap::io {

/// One thread at a time. Nothing is left behind without commit().
class ByteSink {
 public:
  virtual ~ByteSink();
  /// Error `io`.
  virtual void write(const void* bytes, std::size_t count) = 0;
  /// Ends the stream and gives the file its name. Error `io`.
  virtual void commit() = 0;
};

std::unique_ptr<ByteSink> create_plain_sink(const std::filesystem::path& file);

/// One gzip member without name or time, so that equal bytes give equal files, on up to `threads` threads (0:
/// all).
std::unique_ptr<ByteSink> create_gzip_sink(const std::filesystem::path& file, int threads);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_BYTE_SINK_HPP_
