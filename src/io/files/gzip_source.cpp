#include "io/files/gzip_source.hpp"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "io/files/gzip_header.hpp"
#include "io/files/io_error.hpp"

namespace musclemap::io {
namespace {

constexpr std::size_t kInputBytes = std::size_t{128} << 10;
constexpr std::size_t kSkipBytes = std::size_t{256} << 10;
// Deflate spends at least one bit on 129 bytes (RFC 1951: length 258 in two bits).
constexpr std::uint64_t kMostBytesPerByte = 1032;

const char* damage_name(int status) {
  switch (status) {
    case ISAL_INVALID_SYMBOL:
      return "a code stands for nothing";
    case ISAL_INVALID_LOOKBACK:
      return "a match reaches back too far";
    case ISAL_INCORRECT_CHECKSUM:
      return "the CRC-32 or the length of a member is not that of its bytes";
    default:
      return "no deflate data";
  }
}

}  // namespace

GzipSource::GzipSource(InputFile file)
    : file_(std::move(file)), input_(kInputBytes), state_(std::make_unique<inflate_state>()) {
  isal_inflate_init(state_.get());
  state_->crc_flag = ISAL_GZIP_NO_HDR_VER;  // the header is ours, the checksum ISA-L's
}

GzipSource::~GzipSource() = default;

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
  state_->next_in = input_.data();
  state_->avail_in = static_cast<std::uint32_t>(n);
  return n > 0;
}

unsigned char GzipSource::next_byte() {
  if (state_->avail_in == 0 && !fill()) throw_truncated();
  --state_->avail_in;
  return *state_->next_in++;
}

std::size_t GzipSource::read(void* to, std::size_t count) {
  auto* out = static_cast<unsigned char*>(to);
  std::size_t done = 0;
  while (done < count && !ended_) {
    if (damage_ != 0) throw_damaged(damage_name(damage_));
    if (!in_member_) start_member();
    const auto room = static_cast<std::uint32_t>(std::min<std::size_t>(count - done, std::size_t{1} << 30));
    state_->next_out = out + done;
    state_->avail_out = room;
    const int status = isal_inflate(state_.get());
    const std::size_t got = room - state_->avail_out;
    done += got;
    position_ += got;
    if (status < 0) {
      damage_ = status;
    } else if (state_->block_state == ISAL_BLOCK_FINISH) {
      end_member();
    } else if (got < room) {
      // It stops before the room is full where it has no input left, and nowhere else.
      if (state_->avail_in > 0) {
        damage_ = ISAL_INVALID_BLOCK;
      } else if (!fill()) {
        throw_truncated();
      }
    }
  }
  return done;
}

void GzipSource::throw_truncated() const {
  throw_format(Reason::truncated,
               "the gzip stream ends after " + std::to_string(position_) + " inflated bytes, in mid-member",
               path());
}

void GzipSource::throw_damaged(const char* what) const {
  throw_format(Reason::corrupt,
               "the gzip stream is damaged after " + std::to_string(position_) + " inflated bytes: " + what,
               path());
}

void GzipSource::start_member() {
  if (const char* wrong = skip_gzip_header([this] { return next_byte(); })) {
    damage_ = ISAL_INVALID_WRAPPER;  // whoever asks again must not get the next bytes for a header
    throw_damaged(wrong);
  }
  isal_inflate_reset(state_.get());
  in_member_ = true;
}

// Length and checksum have been compared.
void GzipSource::end_member() {
  if (state_->avail_in == 0 && !fill()) {
    ended_ = true;
    return;
  }
  if (*state_->next_in == 0x1f) {
    in_member_ = false;
    return;
  }
  check_padding();
  ended_ = true;
}

void GzipSource::check_padding() {
  do {
    const unsigned char* end = state_->next_in + state_->avail_in;
    const unsigned char* odd = std::find_if(state_->next_in, state_->next_in + state_->avail_in,
                                            [](unsigned char byte) { return byte != 0; });
    if (odd != end) {
      throw_format(Reason::corrupt, "bytes that are neither a gzip member nor zero follow the gzip stream",
                   path());
    }
  } while (fill());
}

void GzipSource::start_again() {
  state_->avail_in = 0;
  in_member_ = false;
  damage_ = 0;
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
