#include "io/gzip_source.hpp"

#include <algorithm>
#include <limits>
#include <new>
#include <string>
#include <utility>

#include "io/io_error.hpp"

namespace musclemap::io {
namespace {

constexpr std::size_t kInputBytes = std::size_t{128} << 10;
constexpr std::size_t kSkipBytes = std::size_t{64} << 10;
// Deflate spends at least one bit on 129 bytes (RFC 1951: length 258 in two bits).
constexpr std::uint64_t kMostBytesPerByte = 1032;
constexpr int kGzipWindow = 15 + 16;

}  // namespace

GzipSource::GzipSource(InputFile file) : file_(std::move(file)), input_(kInputBytes) {
  if (inflateInit2(&stream_, kGzipWindow) != Z_OK) throw std::bad_alloc();
}

GzipSource::~GzipSource() { inflateEnd(&stream_); }

std::uint64_t GzipSource::longest() const {
  if (file_.size() > std::numeric_limits<std::uint64_t>::max() / kMostBytesPerByte) {
    return std::numeric_limits<std::uint64_t>::max();
  }
  return file_.size() * kMostBytesPerByte;
}

// More compressed bytes; false at the end of the file.
bool GzipSource::fill() {
  const std::size_t n = file_.read(file_offset_, input_.data(), input_.size());
  file_offset_ += n;
  stream_.next_in = input_.data();
  stream_.avail_in = static_cast<uInt>(n);
  return n > 0;
}

std::size_t GzipSource::read(void* to, std::size_t count) {
  auto* out = static_cast<unsigned char*>(to);
  std::size_t done = 0;
  while (done < count && !ended_) {
    if (stream_.avail_in == 0 && !fill()) {
      throw_format(
          Reason::truncated,
          "the gzip stream ends after " + std::to_string(position_) + " inflated bytes, in mid-member",
          path());
    }
    const auto room = static_cast<uInt>(std::min<std::size_t>(count - done, std::size_t{1} << 30));
    stream_.next_out = out + done;
    stream_.avail_out = room;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    const std::size_t got = room - stream_.avail_out;
    done += got;
    position_ += got;
    if (status == Z_STREAM_END) {
      next_member();
    } else if (status == Z_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      throw_bad_stream();
    }
  }
  return done;
}

void GzipSource::throw_bad_stream() const {
  throw_format(Reason::corrupt,
               "the gzip stream is damaged after " + std::to_string(position_) +
                   " inflated bytes: " + (stream_.msg != nullptr ? stream_.msg : "no deflate data"),
               path());
}

// Called at the end of a member, whose checksums zlib has compared.
void GzipSource::next_member() {
  if (stream_.avail_in == 0 && !fill()) {
    ended_ = true;
    return;
  }
  if (*stream_.next_in == 0x1f) {
    inflateReset(&stream_);
    return;
  }
  check_padding();
  ended_ = true;
}

void GzipSource::check_padding() {
  do {
    const unsigned char* end = stream_.next_in + stream_.avail_in;
    const unsigned char* odd = std::find_if(stream_.next_in, stream_.next_in + stream_.avail_in,
                                            [](unsigned char byte) { return byte != 0; });
    if (odd != end) {
      throw_format(Reason::corrupt, "bytes that are neither a gzip member nor zero follow the gzip stream",
                   path());
    }
  } while (fill());
}

void GzipSource::start_again() {
  inflateReset(&stream_);
  stream_.avail_in = 0;
  file_offset_ = 0;
  position_ = 0;
  ended_ = false;
}

void GzipSource::seek(std::uint64_t offset) {
  if (offset < position_) start_again();
  std::vector<unsigned char> skipped(std::min<std::uint64_t>(kSkipBytes, offset - position_));
  while (position_ < offset) {
    const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(skipped.size(), offset - position_));
    read_all(skipped.data(), step, "part before the voxels");
  }
}

void GzipSource::finish(std::uint64_t most) {
  std::vector<unsigned char> skipped(kSkipBytes);
  std::uint64_t extra = 0;
  // The end of the last member is seen only by asking for more than there is.
  while (const std::size_t n = read(skipped.data(), skipped.size())) {
    extra += n;
    if (extra > most) {
      throw_format(
          Reason::limit,
          "the gzip stream goes on for more than " + std::to_string(most) + " bytes after the voxels",
          path());
    }
  }
}

}  // namespace musclemap::io
