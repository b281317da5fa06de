// Writes an archive of one file, as numpy.savez_compressed() does.
#ifndef MUSCLEMAP_IO_FILES_ZIP_FILE_HPP_
#define MUSCLEMAP_IO_FILES_ZIP_FILE_HPP_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "io/files/atomic_file.hpp"

namespace musclemap::io {

/// A deflated entry of any length (zip64), without a time, so that equal bytes give equal files. Written from
/// front to end: length and checksum stand behind the bytes. One thread at a time.
/// Format: PKWARE APPNOTE.TXT 6.3.9, 4.3.7 to 4.3.16.
class ZipFile {
 public:
  /// @param file gets its name with commit()
  /// @param entry name of the entry, ASCII
  ZipFile(const std::filesystem::path& file, std::string entry);
  ~ZipFile();
  ZipFile(const ZipFile&) = delete;
  ZipFile& operator=(const ZipFile&) = delete;

  /// Error `io`.
  void write(const void* bytes, std::size_t count);
  /// No more bytes come. Error `io`.
  void finish();
  /// Gives the file its name; finish() comes before. Error `io`.
  void commit() { file_.commit(); }

 private:
  struct Packer;
  void pack(const void* bytes, std::size_t count, bool last);
  void put(const std::string& bytes);

  AtomicFile file_;
  std::string entry_;
  std::unique_ptr<Packer> packer_;
  std::uint64_t written_ = 0;  // bytes of the file
  std::uint64_t size_ = 0;     // bytes of the entry
  std::uint32_t crc_ = 0;
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_ZIP_FILE_HPP_
