#include "io/files/gzip_sink.hpp"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <memory>
#include <utility>

#include "base/parallel.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

constexpr std::size_t kPiece = std::size_t{256} << 10;
// Bytes that do not shrink grow by five for each 64 KiB.
constexpr std::size_t kPackedPiece = kPiece + kPiece / 8;
// Level 2 takes no longer than level 1, and files come out as small as those of zlib's level 1; level 3 is
// faster and smaller where bytes hardly repeat, and slower and larger where they do (docs/performance.md).
constexpr std::uint32_t kLevelOfRuns = 2;
constexpr std::uint32_t kLevelOfNoise = 3;
constexpr std::uint32_t kWorkspace = ISAL_DEF_LVL3_LARGE;
static_assert(kWorkspace >= ISAL_DEF_LVL2_LARGE);
// Deflate with no flags, no time and an unknown system.
constexpr unsigned char kHeader[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff};

void put_word(unsigned char* to, std::uint32_t value) {
  for (int byte = 0; byte < 4; ++byte) to[byte] = static_cast<unsigned char>(value >> 8 * byte);
}

// Whether few neighbouring words of 8 bytes are equal: voxels with noise, not labels or background.
bool is_noise(const unsigned char* piece, std::size_t size) {
  constexpr std::size_t kApart = 128;
  std::size_t looked_at = 0;
  std::size_t equal = 0;
  for (std::size_t at = 0; at + 16 <= size; at += kApart) {
    ++looked_at;
    equal += std::memcmp(piece + at, piece + at + 8, 8) == 0 ? 1 : 0;
  }
  return 8 * equal < looked_at;
}

}  // namespace

// The compressor of a thread, kept from round to round.
struct GzipSink::Packer {
  isal_zstream stream;
  std::unique_ptr<unsigned char[]> workspace{new unsigned char[kWorkspace]};

  // Deflate blocks of one piece, byte-aligned at the end. Returns their length, 0 if they do not fit.
  std::size_t pack(const unsigned char* piece, std::size_t size, bool last, unsigned char* out) {
    isal_deflate_init(&stream);
    stream.level = is_noise(piece, size) ? kLevelOfNoise : kLevelOfRuns;
    stream.level_buf = workspace.get();
    stream.level_buf_size = kWorkspace;
    stream.flush = FULL_FLUSH;
    stream.end_of_stream = last ? 1 : 0;
    stream.next_in = const_cast<unsigned char*>(piece);  // which it only reads
    stream.avail_in = static_cast<std::uint32_t>(size);
    stream.next_out = out;
    stream.avail_out = static_cast<std::uint32_t>(kPackedPiece);
    if (isal_deflate(&stream) != COMP_OK || stream.avail_in != 0) return 0;
    return stream.avail_out == 0 ? 0 : kPackedPiece - stream.avail_out;
  }
};

GzipSink::~GzipSink() = default;

GzipSink::GzipSink(const std::filesystem::path& file, int threads)
    : file_(file),
      pool_(base::resolve_threads(threads)),
      // Two pieces a thread: one that takes longer than others leaves no thread idle for long.
      room_(kPiece * 2 * static_cast<std::size_t>(pool_.threads())) {
  waiting_.reserve(room_);
  for (int n = 0; n < pool_.threads(); ++n) packers_.push_back(std::make_unique<Packer>());
  file_.write(kHeader, sizeof kHeader);
}

void GzipSink::write(const void* bytes, std::size_t count) {
  const auto* from = static_cast<const unsigned char*>(bytes);
  while (count > 0) {
    // Not before more is there: the last piece must know that it is the last.
    if (waiting_.size() == room_) {
      compress(waiting_.data(), room_, false);
      waiting_.clear();
    }
    std::size_t now = std::min(count, room_ - waiting_.size());
    if (waiting_.empty() && count > room_) {
      compress(from, room_, false);
    } else {
      waiting_.insert(waiting_.end(), from, from + now);
    }
    from += now;
    count -= now;
  }
}

// Compresses a round of pieces while the checksum is taken and the round before it goes into the file.
void GzipSink::compress(const unsigned char* bytes, std::size_t size, bool last) {
  // An empty stream is one empty piece.
  const std::size_t pieces = std::max<std::size_t>(1, (size + kPiece - 1) / kPiece);
  std::swap(packed_, before_);
  while (packed_.size() < pieces) packed_.push_back({});
  for (Packed& piece : packed_) {
    if (piece.bytes == nullptr) piece.bytes.reset(new unsigned char[kPackedPiece]);
    piece.used = 0;
  }
  std::exception_ptr failure;
  pool_.run(static_cast<std::int64_t>(pieces) + 2, [&](std::int64_t item, int worker) {
    if (item == 0) {
      try {
        write_packed(before_);
      } catch (...) {
        failure = std::current_exception();
      }
    } else if (item == 1) {
      crc_ = crc32_gzip_refl(crc_, bytes, size);
    } else {
      const auto n = static_cast<std::size_t>(item - 2);
      const std::size_t begin = n * kPiece;
      packed_[n].used = packers_[static_cast<std::size_t>(worker)]->pack(
          bytes + begin, std::min(kPiece, size - begin), last && n + 1 == pieces, packed_[n].bytes.get());
    }
  });
  if (failure) std::rethrow_exception(failure);
  for (std::size_t n = 0; n < pieces; ++n) {
    if (packed_[n].used == 0) throw Error(ErrorCode::internal, "the compressor lost its state");
  }
  length_ += size;
}

void GzipSink::write_packed(const std::vector<Packed>& pieces) {
  for (const Packed& piece : pieces) file_.write(piece.bytes.get(), piece.used);
}

void GzipSink::commit() {
  compress(waiting_.data(), waiting_.size(), true);
  pool_.stop();
  write_packed(packed_);
  unsigned char trailer[8];
  put_word(trailer, crc_);
  put_word(trailer + 4, static_cast<std::uint32_t>(length_));
  file_.write(trailer, sizeof trailer);
  file_.commit();
}

}  // namespace musclemap::io
