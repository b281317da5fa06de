#include "io/byte_sink.hpp"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "io/atomic_file.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

class PlainSink : public ByteSink {
 public:
  explicit PlainSink(const std::filesystem::path& file) : file_(file) {}
  void write(const void* bytes, std::size_t count) override { file_.write(bytes, count); }
  void commit() override { file_.commit(); }

 private:
  AtomicFile file_;
};

class GzipSink : public ByteSink {
 public:
  explicit GzipSink(const std::filesystem::path& file)
      : file_(file), workspace_(ISAL_DEF_LVL1_DEFAULT), output_(kPiece) {
    isal_deflate_init(&stream_);
    stream_.gzip_flag = IGZIP_GZIP;
    stream_.level = 1;
    stream_.level_buf = workspace_.data();
    stream_.level_buf_size = static_cast<std::uint32_t>(workspace_.size());
    piece_.reserve(kPiece);
  }

  // The compressor sees pieces of one size, so that the file does not depend on how its bytes come.
  void write(const void* bytes, std::size_t count) override {
    const auto* from = static_cast<const unsigned char*>(bytes);
    while (count > 0) {
      const std::size_t now = std::min(count, kPiece - piece_.size());
      piece_.insert(piece_.end(), from, from + now);
      from += now;
      count -= now;
      if (piece_.size() == kPiece) compress(false);
    }
  }

  void commit() override {
    compress(true);
    file_.commit();
  }

 private:
  static constexpr std::size_t kPiece = std::size_t{256} << 10;

  void compress(bool last) {
    stream_.next_in = piece_.data();
    stream_.avail_in = static_cast<std::uint32_t>(piece_.size());
    stream_.end_of_stream = last ? 1 : 0;
    do {
      stream_.next_out = output_.data();
      stream_.avail_out = static_cast<std::uint32_t>(output_.size());
      if (isal_deflate(&stream_) != COMP_OK)
        throw Error(ErrorCode::internal, "the compressor lost its state");
      file_.write(output_.data(), output_.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
    piece_.clear();
  }

  AtomicFile file_;
  std::vector<unsigned char> workspace_;
  std::vector<unsigned char> output_;
  std::vector<unsigned char> piece_;
  isal_zstream stream_{};
};

}  // namespace

ByteSink::~ByteSink() = default;

std::unique_ptr<ByteSink> create_plain_sink(const std::filesystem::path& file) {
  return std::make_unique<PlainSink>(file);
}

std::unique_ptr<ByteSink> create_gzip_sink(const std::filesystem::path& file) {
  return std::make_unique<GzipSink>(file);
}

}  // namespace musclemap::io
