// A file that appears whole or not at all.
#ifndef MUSCLEMAP_IO_FILES_ATOMIC_FILE_HPP_
#define MUSCLEMAP_IO_FILES_ATOMIC_FILE_HPP_

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace musclemap::io {

/// Writes a temporary file in the target's folder. Without commit() that is removed and the target stays as
/// it was. One thread at a time.
class AtomicFile {
 public:
  /// Error `io` if the folder cannot be written or the target is there and is neither a regular file nor a
  /// link.
  explicit AtomicFile(std::filesystem::path target);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Error `io`, with the cause, if not all of it could be written.
  void write(const void* bytes, std::size_t count);
  /// Brings the bytes to the disk and gives the file its name, replacing what had it. Error `io`.
  void commit();

  const std::filesystem::path& target() const noexcept { return target_; }

 private:
  void start_writeback(std::int64_t written);

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
  std::int64_t started_ = 0;  // bytes that are on their way to the disk
  std::int64_t waiting_ = 0;  // bytes after those
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_ATOMIC_FILE_HPP_
