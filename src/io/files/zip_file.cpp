#include "io/files/zip_file.hpp"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <vector>

#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

constexpr std::uint32_t kLocalHeader = 0x04034b50;
constexpr std::uint32_t kDataDescriptor = 0x08074b50;
constexpr std::uint32_t kDirectoryEntry = 0x02014b50;
constexpr std::uint32_t kEndOfDirectory64 = 0x06064b50;
constexpr std::uint32_t kEndOfDirectory64Locator = 0x07064b50;
constexpr std::uint32_t kEndOfDirectory = 0x06054b50;
constexpr std::uint32_t kIn64Bits = 0xffffffff;  // stands where a number is in the zip64 field
constexpr std::uint16_t kZip64Field = 1;
constexpr std::uint16_t kVersion = 45;  // has zip64
constexpr std::uint16_t kLengthsBehind = 1 << 3;
constexpr std::uint16_t kDeflated = 8;
constexpr std::uint32_t kNoTime = 0x00210000;  // midnight of the first day that the format knows

constexpr std::uint32_t kLevel = 2;
constexpr std::uint32_t kDeflateWorkspace = ISAL_DEF_LVL2_LARGE;
constexpr std::size_t kRoom = std::size_t{256} << 10;

// Little-endian numbers one after the other.
class Record {
 public:
  Record& u16(std::uint16_t value) { return number(value, 2); }
  Record& u32(std::uint32_t value) { return number(value, 4); }
  Record& u64(std::uint64_t value) { return number(value, 8); }
  Record& text(const std::string& value) {
    bytes_ += value;
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  Record& number(std::uint64_t value, int size) {
    for (int byte = 0; byte < size; ++byte) bytes_ += static_cast<char>(value >> 8 * byte & 0xff);
    return *this;
  }

  std::string bytes_;
};

}  // namespace

struct ZipFile::Packer {
  Packer() {
    isal_deflate_init(&stream);
    stream.level = kLevel;
    stream.level_buf = workspace.data();
    stream.level_buf_size = kDeflateWorkspace;
  }

  isal_zstream stream{};
  std::vector<unsigned char> workspace = std::vector<unsigned char>(kDeflateWorkspace);
  std::vector<unsigned char> packed = std::vector<unsigned char>(kRoom);
};

ZipFile::ZipFile(const std::filesystem::path& file) : file_(file) {}

ZipFile::~ZipFile() = default;

void ZipFile::put(const std::string& bytes) {
  file_.write(bytes.data(), bytes.size());
  written_ += bytes.size();
}

void ZipFile::begin(const std::string& name) {
  end_entry();
  entries_.push_back({name, written_, 0, 0, 0, false});
  Record header;
  header.u32(kLocalHeader).u16(kVersion).u16(kLengthsBehind).u16(kDeflated).u32(kNoTime).u32(0);
  header.u32(kIn64Bits).u32(kIn64Bits).u16(static_cast<std::uint16_t>(name.size())).u16(20).text(name);
  header.u16(kZip64Field).u16(16).u64(0).u64(0);
  put(header.bytes());
  packer_ = std::make_unique<Packer>();
}

void ZipFile::add_stored(const std::string& name, const std::string& bytes) {
  end_entry();
  const auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
  const std::uint32_t crc = crc32_gzip_refl(0, from, bytes.size());
  const auto size = static_cast<std::uint32_t>(bytes.size());
  entries_.push_back({name, written_, size, size, crc, true});
  Record header;
  header.u32(kLocalHeader).u16(kVersion).u16(0).u16(0).u32(kNoTime).u32(crc).u32(size).u32(size);
  header.u16(static_cast<std::uint16_t>(name.size())).u16(0).text(name).text(bytes);
  put(header.bytes());
}

void ZipFile::write(const void* bytes, std::size_t count) {
  constexpr std::size_t kMost = std::size_t{1} << 30;  // ISA-L counts in 32 bits
  const auto* from = static_cast<const unsigned char*>(bytes);
  Entry& entry = entries_.back();
  while (count > 0) {
    const std::size_t now = std::min(count, kMost);
    entry.crc = crc32_gzip_refl(entry.crc, from, now);
    pack(from, now, false);
    entry.size += now;
    from += now;
    count -= now;
  }
}

void ZipFile::pack(const void* bytes, std::size_t count, bool last) {
  isal_zstream& stream = packer_->stream;
  stream.next_in = static_cast<unsigned char*>(const_cast<void*>(bytes));  // which it only reads
  stream.avail_in = static_cast<std::uint32_t>(count);
  stream.end_of_stream = last ? 1 : 0;
  do {
    stream.next_out = packer_->packed.data();
    stream.avail_out = static_cast<std::uint32_t>(kRoom);
    if (isal_deflate(&stream) != COMP_OK) throw Error(ErrorCode::internal, "the compressor lost its state");
    const std::size_t packed = kRoom - stream.avail_out;
    file_.write(packer_->packed.data(), packed);
    written_ += packed;
    entries_.back().packed_size += packed;
  } while (stream.avail_out == 0 || stream.avail_in > 0);
}

void ZipFile::end_entry() {
  if (!packer_) return;
  pack(nullptr, 0, true);
  packer_.reset();
  const Entry& entry = entries_.back();
  put(Record().u32(kDataDescriptor).u32(entry.crc).u64(entry.packed_size).u64(entry.size).bytes());
}

void ZipFile::finish() {
  end_entry();
  const std::uint64_t directory = written_;
  for (const Entry& each : entries_) {
    const bool far = each.offset >= kIn64Bits;
    Record entry;
    entry.u32(kDirectoryEntry).u16(kVersion).u16(kVersion).u16(each.stored ? 0 : kLengthsBehind);
    entry.u16(each.stored ? 0 : kDeflated).u32(kNoTime);
    entry.u32(each.crc).u32(kIn64Bits).u32(kIn64Bits).u16(static_cast<std::uint16_t>(each.name.size()));
    entry.u16(far ? 28 : 20).u16(0).u16(0).u16(0).u32(0);
    entry.u32(far ? kIn64Bits : static_cast<std::uint32_t>(each.offset)).text(each.name);
    entry.u16(kZip64Field).u16(far ? 24 : 16).u64(each.size).u64(each.packed_size);
    if (far) entry.u64(each.offset);
    put(entry.bytes());
  }
  const std::uint64_t end = written_;
  const std::uint64_t count = entries_.size();
  constexpr std::uint64_t kRestOfRecord = 44;
  Record tail;
  tail.u32(kEndOfDirectory64).u64(kRestOfRecord).u16(kVersion).u16(kVersion).u32(0).u32(0);
  tail.u64(count).u64(count).u64(end - directory).u64(directory);
  tail.u32(kEndOfDirectory64Locator).u32(0).u64(end).u32(1);
  const auto few = static_cast<std::uint16_t>(std::min<std::uint64_t>(count, 0xffff));
  tail.u32(kEndOfDirectory).u16(0).u16(0).u16(few).u16(few);
  tail.u32(static_cast<std::uint32_t>(std::min<std::uint64_t>(end - directory, kIn64Bits))).u32(kIn64Bits);
  tail.u16(0);
  put(tail.bytes());
}

}  // namespace musclemap::io
