// Bounded reader of zip archives that lie in memory: stored and deflated entries, zip64.
#ifndef MUSCLEMAP_IO_WEIGHTS_ZIP_READER_HPP_
#define MUSCLEMAP_IO_WEIGHTS_ZIP_READER_HPP_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace musclemap::io {

/// One file of an archive, as its central directory describes it.
struct ZipEntry {
  std::string name;
  std::uint64_t size = 0;         ///< bytes once unpacked
  std::uint64_t packed_size = 0;  ///< bytes in the archive
  std::uint64_t data_offset = 0;  ///< where the packed bytes begin
  std::uint32_t crc = 0;
  bool deflated = false;
};

/// Stricter than most readers, so that no other reader of the same bytes sees other entries: nothing before
/// the first or between the last entry and the directory's end, no overlap, no two names that differ by case
/// only, no encryption, no several volumes. Holds a view of the bytes; they outlive it. Immutable.
class ZipReader {
 public:
  /// Reads the directory. Errors: `format` (truncated, corrupt), `unsupported`.
  explicit ZipReader(std::string_view bytes);

  const std::vector<ZipEntry>& entries() const noexcept { return entries_; }
  /// Null when the archive has no entry of that name.
  const ZipEntry* find(std::string_view name) const;
  /// The bytes of a stored entry in place, CRC checked. A deflated entry is an error.
  std::string_view stored(const ZipEntry& entry) const;
  /// The bytes of any entry, unpacked, CRC checked. Error `format` reason `limit` above `limit_bytes`.
  std::string read(const ZipEntry& entry, std::size_t limit_bytes) const;

 private:
  std::string_view packed(const ZipEntry& entry) const;

  std::string_view bytes_;
  std::vector<ZipEntry> entries_;
  std::unordered_map<std::string, std::size_t> index_;
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_ZIP_READER_HPP_
