#include "io/gzip_sink.hpp"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <memory>

#include "base/parallel.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

constexpr std::size_t kPiece = std::size_t{256} << 10;
// Level 2 takes no longer than level 1, and files come out as small as those of zlib's level 1
// (docs/performance.md).
constexpr std::uint32_t kLevel = 2;
constexpr std::uint32_t kWorkspace = ISAL_DEF_LVL2_LARGE;
// Deflate with no flags, no time and an unknown system.
constexpr unsigned char kHeader[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff};

void put_word(unsigned char* to, std::uint32_t value) {
  for (int byte = 0; byte < 4; ++byte) to[byte] = static_cast<unsigned char>(value >> 8 * byte);
}

}  // namespace

// What one piece needs, kept from round to round: fresh memory would take longer than packing labels into it.
struct GzipSink::Packer {
  isal_zstream stream;
  std::vector<unsigned char> workspace = std::vector<unsigned char>(kWorkspace);
  // Bytes that do not shrink grow by five for each 64 KiB.
  std::vector<unsigned char> out = std::vector<unsigned char>(kPiece + kPiece / 8);
  std::size_t used = 0;

  // Deflate blocks of one piece, byte-aligned at the end.
  void pack(unsigned char* piece, std::size_t size, bool last) {
    isal_deflate_init(&stream);
    stream.level = kLevel;
    stream.level_buf = workspace.data();
    stream.level_buf_size = kWorkspace;
    stream.flush = FULL_FLUSH;
    stream.end_of_stream = last ? 1 : 0;
    stream.next_in = piece;
    stream.avail_in = static_cast<std::uint32_t>(size);
    stream.next_out = out.data();
    stream.avail_out = static_cast<std::uint32_t>(out.size());
    if (isal_deflate(&stream) != COMP_OK || stream.avail_in != 0 || stream.avail_out == 0) {
      throw Error(ErrorCode::internal, "the compressor lost its state");
    }
    used = out.size() - stream.avail_out;
  }
};

GzipSink::~GzipSink() = default;

GzipSink::GzipSink(const std::filesystem::path& file, int threads)
    : file_(file),
      threads_(base::resolve_threads(threads)),
      // Two pieces a thread: one that takes longer than others leaves no thread idle for long.
      room_(kPiece * 2 * static_cast<std::size_t>(threads_)) {
  waiting_.reserve(room_);
  file_.write(kHeader, sizeof kHeader);
}

void GzipSink::write(const void* bytes, std::size_t count) {
  const auto* from = static_cast<const unsigned char*>(bytes);
  while (count > 0) {
    // Not before more is there: the last piece must know that it is the last.
    if (waiting_.size() == room_) compress(false);
    const std::size_t now = std::min(count, room_ - waiting_.size());
    waiting_.insert(waiting_.end(), from, from + now);
    from += now;
    count -= now;
  }
}

void GzipSink::compress(bool last) {
  crc_ = crc32_gzip_refl(crc_, waiting_.data(), waiting_.size());
  length_ += waiting_.size();
  // An empty stream is one empty piece.
  const std::size_t pieces = std::max<std::size_t>(1, (waiting_.size() + kPiece - 1) / kPiece);
  while (packers_.size() < pieces) packers_.push_back(std::make_unique<Packer>());
  base::parallel_for(static_cast<std::int64_t>(pieces), threads_, [&](std::int64_t item) {
    const auto n = static_cast<std::size_t>(item);
    const std::size_t begin = n * kPiece;
    packers_[n]->pack(waiting_.data() + begin, std::min(kPiece, waiting_.size() - begin),
                      last && n + 1 == pieces);
  });
  for (std::size_t n = 0; n < pieces; ++n) file_.write(packers_[n]->out.data(), packers_[n]->used);
  waiting_.clear();
}

void GzipSink::commit() {
  compress(true);
  unsigned char trailer[8];
  put_word(trailer, crc_);
  put_word(trailer + 4, static_cast<std::uint32_t>(length_));
  file_.write(trailer, sizeof trailer);
  file_.commit();
}

}  // namespace musclemap::io
