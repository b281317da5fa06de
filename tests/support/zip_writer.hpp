// Writes small zip archives, well-formed or broken in one chosen way.
#ifndef MUSCLEMAP_TESTS_SUPPORT_ZIP_WRITER_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_ZIP_WRITER_HPP_

#include <libdeflate.h>

#include <cstdint>
#include <string>
#include <vector>

namespace musclemap::test {

inline void put16(std::string& out, std::uint64_t value) {
  for (int i = 0; i < 2; ++i) out += static_cast<char>(value >> (8 * i));
}
inline void put32(std::string& out, std::uint64_t value) {
  for (int i = 0; i < 4; ++i) out += static_cast<char>(value >> (8 * i));
}
inline void put64(std::string& out, std::uint64_t value) {
  for (int i = 0; i < 8; ++i) out += static_cast<char>(value >> (8 * i));
}

/// One file; the fields that a test changes stand open.
struct ZipItem {
  std::string name;
  std::string packed;
  std::uint64_t size = 0;
  std::uint32_t crc = 0;
  std::uint16_t method = 0;
  std::uint16_t flags = 0;
  std::int64_t offset = -1;  ///< of the local header; -1: where it was written
};

inline ZipItem stored_item(const std::string& name, const std::string& data) {
  return {name, data, data.size(), libdeflate_crc32(0, data.data(), data.size()), 0, 0, -1};
}

inline ZipItem deflated_item(const std::string& name, const std::string& data) {
  libdeflate_compressor* packer = libdeflate_alloc_compressor(9);
  std::string packed(libdeflate_deflate_compress_bound(packer, data.size()), '\0');
  packed.resize(libdeflate_deflate_compress(packer, data.data(), data.size(), packed.data(), packed.size()));
  libdeflate_free_compressor(packer);
  return {name, packed, data.size(), libdeflate_crc32(0, data.data(), data.size()), 8, 0, -1};
}

/// `zip64`: sizes and offsets go to zip64 fields and records.
inline std::string write_zip(const std::vector<ZipItem>& items, bool zip64 = false,
                             const std::string& comment = {}) {
  std::string out;
  std::string directory;
  for (const ZipItem& item : items) {
    const std::uint64_t offset = item.offset >= 0 ? static_cast<std::uint64_t>(item.offset) : out.size();
    const auto common = [&](std::string& to, std::uint64_t packed, std::uint64_t size) {
      put16(to, 45);
      put16(to, item.flags);
      put16(to, item.method);
      put32(to, 0);
      put32(to, item.crc);
      put32(to, packed);
      put32(to, size);
      put16(to, item.name.size());
    };
    put32(out, 0x04034b50);
    common(out, item.packed.size(), item.size);
    put16(out, 0);
    out += item.name + item.packed;

    put32(directory, 0x02014b50);
    put16(directory, 45);
    common(directory, zip64 ? 0xffffffff : item.packed.size(), zip64 ? 0xffffffff : item.size);
    put16(directory, zip64 ? 28 : 0);
    for (int i = 0; i < 3; ++i) put16(directory, 0);
    put32(directory, 0);
    put32(directory, zip64 ? 0xffffffff : offset);
    directory += item.name;
    if (zip64) {
      put16(directory, 1);
      put16(directory, 24);
      put64(directory, item.size);
      put64(directory, item.packed.size());
      put64(directory, offset);
    }
  }
  const std::uint64_t start = out.size();
  out += directory;
  if (zip64) {
    const std::uint64_t record = out.size();
    put32(out, 0x06064b50);
    put64(out, 44);
    put16(out, 45);
    put16(out, 45);
    put32(out, 0);
    put32(out, 0);
    put64(out, items.size());
    put64(out, items.size());
    put64(out, directory.size());
    put64(out, start);
    put32(out, 0x07064b50);
    put32(out, 0);
    put64(out, record);
    put32(out, 1);
  }
  put32(out, 0x06054b50);
  put32(out, 0);
  put16(out, zip64 ? 0xffff : items.size());
  // Readers compare the two counts before they look at zip64.
  put16(out, zip64 ? 0xffff : items.size());
  put32(out, zip64 ? 0xffffffff : directory.size());
  put32(out, zip64 ? 0xffffffff : start);
  put16(out, comment.size());
  return out + comment;
}

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_ZIP_WRITER_HPP_
