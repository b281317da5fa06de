#include "io/files/zip_file.hpp"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <utility>
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

ZipFile::ZipFile(const std::filesystem::path& file, std::string entry)
    : file_(file), entry_(std::move(entry)), packer_(std::make_unique<Packer>()) {
  Record header;
  header.u32(kLocalHeader).u16(kVersion).u16(kLengthsBehind).u16(kDeflated).u32(kNoTime).u32(0);
  header.u32(kIn64Bits).u32(kIn64Bits).u16(static_cast<std::uint16_t>(entry_.size())).u16(20).text(entry_);
  header.u16(kZip64Field).u16(16).u64(0).u64(0);
  put(header.bytes());
}

ZipFile::~ZipFile() = default;

void ZipFile::put(const std::string& bytes) {
  file_.write(bytes.data(), bytes.size());
  written_ += bytes.size();
}

void ZipFile::write(const void* bytes, std::size_t count) {
  constexpr std::size_t kMost = std::size_t{1} << 30;  // ISA-L counts in 32 bits
  const auto* from = static_cast<const unsigned char*>(bytes);
  while (count > 0) {
    const std::size_t now = std::min(count, kMost);
    crc_ = crc32_gzip_refl(crc_, from, now);
    pack(from, now, false);
    size_ += now;
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
  } while (stream.avail_out == 0 || stream.avail_in > 0);
}

void ZipFile::finish() {
  pack(nullptr, 0, true);
  constexpr std::uint64_t kHeaderSize = 30 + 20;
  const std::uint64_t packed = written_ - kHeaderSize - entry_.size();
  put(Record().u32(kDataDescriptor).u32(crc_).u64(packed).u64(size_).bytes());

  const std::uint64_t directory = written_;
  Record entry;
  entry.u32(kDirectoryEntry).u16(kVersion).u16(kVersion).u16(kLengthsBehind).u16(kDeflated).u32(kNoTime);
  entry.u32(crc_).u32(kIn64Bits).u32(kIn64Bits).u16(static_cast<std::uint16_t>(entry_.size())).u16(20);
  entry.u16(0).u16(0).u16(0).u32(0).u32(0).text(entry_);
  entry.u16(kZip64Field).u16(16).u64(size_).u64(packed);
  put(entry.bytes());

  const std::uint64_t end = written_;
  constexpr std::uint64_t kRestOfRecord = 44;
  Record tail;
  tail.u32(kEndOfDirectory64).u64(kRestOfRecord).u16(kVersion).u16(kVersion).u32(0).u32(0);
  tail.u64(1).u64(1).u64(end - directory).u64(directory);
  tail.u32(kEndOfDirectory64Locator).u32(0).u64(end).u32(1);
  tail.u32(kEndOfDirectory).u16(0).u16(0).u16(1).u16(1);
  tail.u32(static_cast<std::uint32_t>(end - directory)).u32(kIn64Bits).u16(0);
  put(tail.bytes());
}

}  // namespace musclemap::io
