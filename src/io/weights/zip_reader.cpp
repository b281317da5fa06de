// Layout after PKWARE APPNOTE.TXT 6.3.10: local headers 4.3.7, central directory 4.3.12, zip64 end 4.3.14
// and 4.3.15, end 4.3.16, zip64 extra field 4.5.3.
#include "io/weights/zip_reader.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <memory>
#include <unordered_set>

#include "base/text.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

constexpr std::uint32_t kLocalSignature = 0x04034b50;
constexpr std::uint32_t kCentralSignature = 0x02014b50;
constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::uint32_t kEnd64Signature = 0x06064b50;
constexpr std::uint32_t kLocator64Signature = 0x07064b50;
constexpr std::size_t kLocalSize = 30;
constexpr std::size_t kCentralSize = 46;
constexpr std::size_t kEndSize = 22;
constexpr std::size_t kEnd64Size = 56;
constexpr std::size_t kLocator64Size = 20;
constexpr std::size_t kMostComment = 65535;
constexpr std::uint64_t kMostEntries = 1 << 17;
constexpr std::uint64_t kMostInflated = 1032;      // deflate makes no more bytes of one: 258 of two bits
constexpr std::uint16_t kEncryptedFlags = 0x2041;  // encrypted, strong encryption, masked headers

[[noreturn]] void refuse_zip(Reason reason, const std::string& message) {
  throw Error(reason == Reason::unsupported ? ErrorCode::unsupported : ErrorCode::format, reason,
              "zip archive: " + message);
}

std::string in_quotes(std::string_view name) { return "'" + base::printable(name) + "'"; }

/// Little-endian number of sizeof(T) bytes; past the end is a truncation error.
template <class T>
T number(std::string_view bytes, std::uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T))
    refuse_zip(Reason::truncated, "is cut short");
  T value = 0;
  for (std::size_t i = sizeof(T); i-- > 0;) {
    value = static_cast<T>((static_cast<std::uint64_t>(value) << 8) |
                           static_cast<std::uint8_t>(bytes[offset + i]));
  }
  return value;
}

struct Directory {
  std::uint64_t entries = 0;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;
  std::uint64_t end = 0;  ///< where the record that ends it begins
};

std::size_t find_end(std::string_view bytes) {
  if (bytes.size() < kEndSize) refuse_zip(Reason::truncated, "is cut short: it has no end record");
  const std::size_t last = bytes.size() - kEndSize;
  const std::size_t first = last > kMostComment ? last - kMostComment : 0;
  for (std::size_t at = last + 1; at-- > first;) {
    if (number<std::uint32_t>(bytes, at) != kEndSignature) continue;
    if (at + kEndSize + number<std::uint16_t>(bytes, at + 20) != bytes.size()) {
      refuse_zip(Reason::corrupt, "its end record does not end the file");
    }
    return at;
  }
  refuse_zip(Reason::truncated, "is cut short: it has no end record");
}

Directory find_directory(std::string_view bytes) {
  const std::size_t end = find_end(bytes);
  Directory directory;
  directory.entries = number<std::uint16_t>(bytes, end + 10);
  directory.size = number<std::uint32_t>(bytes, end + 12);
  directory.offset = number<std::uint32_t>(bytes, end + 16);
  directory.end = end;
  if (number<std::uint16_t>(bytes, end + 4) != 0 || number<std::uint16_t>(bytes, end + 6) != 0 ||
      number<std::uint16_t>(bytes, end + 8) != directory.entries) {
    refuse_zip(Reason::unsupported, "spans several volumes");
  }
  const bool has_locator =
      end >= kLocator64Size && number<std::uint32_t>(bytes, end - kLocator64Size) == kLocator64Signature;
  if (has_locator) {
    const std::size_t locator = end - kLocator64Size;
    const auto record = number<std::uint64_t>(bytes, locator + 8);
    if (number<std::uint32_t>(bytes, locator + 4) != 0 || number<std::uint32_t>(bytes, locator + 16) > 1) {
      refuse_zip(Reason::unsupported, "spans several volumes");
    }
    if (locator < kEnd64Size || record != locator - kEnd64Size ||
        number<std::uint32_t>(bytes, record) != kEnd64Signature) {
      refuse_zip(Reason::corrupt, "its zip64 end record is not where it should be");
    }
    Directory wide;
    wide.entries = number<std::uint64_t>(bytes, record + 32);
    wide.size = number<std::uint64_t>(bytes, record + 40);
    wide.offset = number<std::uint64_t>(bytes, record + 48);
    wide.end = record;
    if (number<std::uint32_t>(bytes, record + 16) != 0 || number<std::uint32_t>(bytes, record + 20) != 0 ||
        number<std::uint64_t>(bytes, record + 24) != wide.entries) {
      refuse_zip(Reason::unsupported, "spans several volumes");
    }
    // A reader that ignores zip64 must come to the same directory.
    if ((directory.entries != 0xffff && directory.entries != wide.entries) ||
        (directory.size != 0xffffffff && directory.size != wide.size) ||
        (directory.offset != 0xffffffff && directory.offset != wide.offset)) {
      refuse_zip(Reason::corrupt, "its two end records disagree");
    }
    directory = wide;
  }
  if (directory.offset > directory.end || directory.end - directory.offset != directory.size) {
    refuse_zip(Reason::corrupt, "its directory is not where its end record says");
  }
  if (directory.entries > kMostEntries || directory.entries > directory.size / kCentralSize) {
    refuse_zip(Reason::corrupt, "says it has " + std::to_string(directory.entries) +
                                    " entries in a directory of " + std::to_string(directory.size) +
                                    " bytes");
  }
  return directory;
}

/// Replaces the fields that hold 0xffffffff by those of the zip64 extra field.
void read_zip64(std::string_view extra, ZipEntry& entry, std::uint64_t& local_offset) {
  const bool wide_size = entry.size == 0xffffffff;
  const bool wide_packed = entry.packed_size == 0xffffffff;
  const bool wide_offset = local_offset == 0xffffffff;
  bool found = false;
  for (std::size_t at = 0; extra.size() - at >= 4;) {
    const auto id = number<std::uint16_t>(extra, at);
    const std::size_t length = number<std::uint16_t>(extra, at + 2);
    at += 4;
    if (length > extra.size() - at)
      refuse_zip(Reason::corrupt, in_quotes(entry.name) + " has a bad extra field");
    if (id == 0x0001) {
      if (found) refuse_zip(Reason::corrupt, in_quotes(entry.name) + " has two zip64 fields");
      found = true;
      const std::string_view field = extra.substr(at, length);
      std::size_t next = 0;
      const auto take = [&](std::uint64_t& value) {
        value = number<std::uint64_t>(field, next);
        next += 8;
      };
      if (wide_size) take(entry.size);
      if (wide_packed) take(entry.packed_size);
      if (wide_offset) take(local_offset);
    }
    at += length;
  }
}

struct Parsed {
  ZipEntry entry;
  std::uint64_t local_offset = 0;
};

Parsed parse_central(std::string_view directory, std::size_t& at) {
  if (number<std::uint32_t>(directory, at) != kCentralSignature)
    refuse_zip(Reason::corrupt, "its directory is damaged");
  if (directory.size() - at < kCentralSize) refuse_zip(Reason::truncated, "its directory is cut short");
  const std::size_t name_size = number<std::uint16_t>(directory, at + 28);
  const std::size_t extra_size = number<std::uint16_t>(directory, at + 30);
  const std::size_t comment_size = number<std::uint16_t>(directory, at + 32);
  if (directory.size() - at - kCentralSize < name_size + extra_size + comment_size) {
    refuse_zip(Reason::truncated, "its directory is cut short");
  }
  Parsed parsed;
  ZipEntry& entry = parsed.entry;
  entry.name = std::string(directory.substr(at + kCentralSize, name_size));
  entry.crc = number<std::uint32_t>(directory, at + 16);
  entry.packed_size = number<std::uint32_t>(directory, at + 20);
  entry.size = number<std::uint32_t>(directory, at + 24);
  parsed.local_offset = number<std::uint32_t>(directory, at + 42);
  if (entry.name.empty() || entry.name.find('\0') != std::string::npos) {
    refuse_zip(Reason::corrupt, "an entry has no usable name");
  }
  if ((number<std::uint16_t>(directory, at + 8) & kEncryptedFlags) != 0) {
    refuse_zip(Reason::unsupported, in_quotes(entry.name) + " is encrypted");
  }
  const auto method = number<std::uint16_t>(directory, at + 10);
  if (method != 0 && method != 8) {
    refuse_zip(Reason::unsupported, in_quotes(entry.name) + " has compression method " +
                                        std::to_string(method) + "; stored (0) and deflated (8) are read");
  }
  entry.deflated = method == 8;
  read_zip64(directory.substr(at + kCentralSize + name_size, extra_size), entry, parsed.local_offset);
  if (!entry.deflated && entry.size != entry.packed_size) {
    refuse_zip(Reason::corrupt, in_quotes(entry.name) + " is stored with two different sizes");
  }
  at += kCentralSize + name_size + extra_size + comment_size;
  return parsed;
}

/// Finds the data behind the local header and returns where it ends.
std::uint64_t locate_data(std::string_view before_directory, std::uint64_t local_offset, ZipEntry& entry) {
  if (local_offset > before_directory.size() || before_directory.size() - local_offset < kLocalSize ||
      number<std::uint32_t>(before_directory, local_offset) != kLocalSignature) {
    refuse_zip(Reason::corrupt, in_quotes(entry.name) + " has no header where the directory says");
  }
  const std::size_t name_size = number<std::uint16_t>(before_directory, local_offset + 26);
  const std::size_t extra_size = number<std::uint16_t>(before_directory, local_offset + 28);
  const std::uint64_t left = before_directory.size() - local_offset - kLocalSize;
  if (left < name_size + extra_size || left - name_size - extra_size < entry.packed_size) {
    refuse_zip(Reason::truncated, in_quotes(entry.name) + " of " + std::to_string(entry.packed_size) +
                                      " bytes does not fit the file");
  }
  const auto local_method = number<std::uint16_t>(before_directory, local_offset + 8);
  if (before_directory.substr(local_offset + kLocalSize, name_size) != entry.name ||
      (local_method == 8) != entry.deflated) {
    refuse_zip(Reason::corrupt,
               in_quotes(entry.name) + " is described differently by its header and the directory");
  }
  entry.data_offset = local_offset + kLocalSize + name_size + extra_size;
  return entry.data_offset + entry.packed_size;
}

}  // namespace

ZipReader::ZipReader(std::string_view bytes) : bytes_(bytes) {
  const Directory directory = find_directory(bytes);
  const std::string_view records = bytes.substr(directory.offset, directory.size);
  const std::string_view before = bytes.substr(0, directory.offset);
  struct Span {
    std::uint64_t begin, end;
    std::size_t entry;
  };
  std::vector<Span> spans;
  std::unordered_set<std::string> folded_names;
  std::size_t at = 0;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    Parsed parsed = parse_central(records, at);
    const std::uint64_t data_end = locate_data(before, parsed.local_offset, parsed.entry);
    // LibTorch finds entries without regard to case, so two such names would be read as one there.
    if (!folded_names.insert(base::ascii_lower(parsed.entry.name)).second) {
      refuse_zip(Reason::corrupt, "has two entries named " + in_quotes(parsed.entry.name));
    }
    spans.push_back({parsed.local_offset, data_end, entries_.size()});
    index_.emplace(parsed.entry.name, entries_.size());
    entries_.push_back(std::move(parsed.entry));
  }
  if (at != records.size()) refuse_zip(Reason::corrupt, "its directory holds more than its entries");
  std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.begin < b.begin; });
  for (std::size_t i = 1; i < spans.size(); ++i) {
    if (spans[i].begin < spans[i - 1].end) {
      refuse_zip(Reason::corrupt, in_quotes(entries_[spans[i].entry].name) + " overlaps " +
                                      in_quotes(entries_[spans[i - 1].entry].name));
    }
  }
  if (!spans.empty() && spans.front().begin != 0)
    refuse_zip(Reason::corrupt, "has other data in front of its entries");
}

const ZipEntry* ZipReader::find(std::string_view name) const {
  const auto found = index_.find(std::string(name));
  return found == index_.end() ? nullptr : &entries_[found->second];
}

std::string_view ZipReader::packed(const ZipEntry& entry) const {
  return bytes_.substr(entry.data_offset, entry.packed_size);
}

std::string_view ZipReader::stored(const ZipEntry& entry) const {
  if (entry.deflated)
    refuse_zip(Reason::unsupported, in_quotes(entry.name) + " is compressed; it must be stored");
  const std::string_view data = packed(entry);
  if (libdeflate_crc32(0, data.data(), data.size()) != entry.crc) {
    refuse_zip(Reason::corrupt, in_quotes(entry.name) + " does not match its checksum");
  }
  return data;
}

std::string ZipReader::read(const ZipEntry& entry, std::size_t limit_bytes) const {
  if (entry.size > limit_bytes) {
    refuse_zip(Reason::limit, in_quotes(entry.name) + " has " + std::to_string(entry.size) +
                                  " bytes; at most " + std::to_string(limit_bytes) + " are read");
  }
  if (!entry.deflated) return std::string(stored(entry));
  if (entry.size / kMostInflated > entry.packed_size) {
    refuse_zip(Reason::corrupt, in_quotes(entry.name) + " has " + std::to_string(entry.packed_size) +
                                    " packed bytes, which cannot unpack to " + std::to_string(entry.size));
  }
  const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> inflater(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (!inflater) throw std::bad_alloc();
  std::string data(static_cast<std::size_t>(entry.size), '\0');
  const std::string_view source = packed(entry);
  std::size_t used = 0;
  // A null "actual size" asks for exactly data.size() bytes.
  const auto result = libdeflate_deflate_decompress_ex(inflater.get(), source.data(), source.size(),
                                                       data.data(), data.size(), &used, nullptr);
  if (result != LIBDEFLATE_SUCCESS || used != source.size()) {
    refuse_zip(Reason::corrupt, in_quotes(entry.name) + " does not unpack to its stated size");
  }
  if (libdeflate_crc32(0, data.data(), data.size()) != entry.crc) {
    refuse_zip(Reason::corrupt, in_quotes(entry.name) + " does not match its checksum");
  }
  return data;
}

}  // namespace musclemap::io
