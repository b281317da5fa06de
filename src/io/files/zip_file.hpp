// Writes archives.
#ifndef MUSCLEMAP_IO_FILES_ZIP_FILE_HPP_
#define MUSCLEMAP_IO_FILES_ZIP_FILE_HPP_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "io/files/atomic_file.hpp"

namespace musclemap::io {

/// Entries of any length (zip64), deflated, without times, so that equal bytes give equal files. Written from
/// front to end: length and checksum stand behind an entry's bytes. One thread at a time.
/// Format: PKWARE APPNOTE.TXT 6.3.9, 4.3.7 to 4.3.16.
class ZipFile {
 public:
  /// @param file gets its name with commit()
  explicit ZipFile(const std::filesystem::path& file);
  ~ZipFile();
  ZipFile(const ZipFile&) = delete;
  ZipFile& operator=(const ZipFile&) = delete;

  /// What is written next belongs to this entry. Error `io`.
  /// @param name ASCII
  void begin(const std::string& name);
  /// An entry as it is, its length in front of it, as readers of streams want it. Error `io`.
  void add_stored(const std::string& name, const std::string& bytes);
  /// Bytes of the entry that began. Error `io`.
  void write(const void* bytes, std::size_t count);
  /// No more entries come. Error `io`.
  void finish();
  /// Gives the file its name; finish() comes before. Error `io`.
  void commit() { file_.commit(); }

 private:
  struct Packer;
  struct Entry {
    std::string name;
    std::uint64_t offset = 0;  // of its header
    std::uint64_t size = 0;
    std::uint64_t packed_size = 0;
    std::uint32_t crc = 0;
    bool stored = false;
  };
  void pack(const void* bytes, std::size_t count, bool last);
  void put(const std::string& bytes);
  void end_entry();

  AtomicFile file_;
  std::vector<Entry> entries_;      // the last one is being written while there is a packer
  std::unique_ptr<Packer> packer_;  // of the entry
  std::uint64_t written_ = 0;       // bytes of the file
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_ZIP_FILE_HPP_
