#include "io/byte_sink.hpp"

#include <zlib.h>

#include <algorithm>
#include <new>
#include <string>
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
  GzipSink(const std::filesystem::path& file, int level) : file_(file), output_(std::size_t{128} << 10) {
    constexpr int kGzipWindow = 15 + 16;
    constexpr int kMemoryLevel = 8;
    if (deflateInit2(&stream_, level, Z_DEFLATED, kGzipWindow, kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~GzipSink() override { deflateEnd(&stream_); }
  GzipSink(const GzipSink&) = delete;
  GzipSink& operator=(const GzipSink&) = delete;

  void write(const void* bytes, std::size_t count) override {
    // zlib does not write through this pointer.
    stream_.next_in = const_cast<unsigned char*>(static_cast<const unsigned char*>(bytes));
    while (count > 0) {
      const std::size_t now = std::min(count, std::size_t{1} << 30);
      stream_.avail_in = static_cast<uInt>(now);
      while (stream_.avail_in > 0) step(Z_NO_FLUSH);
      count -= now;
    }
  }

  void commit() override {
    stream_.avail_in = 0;
    while (step(Z_FINISH) != Z_STREAM_END) {
    }
    file_.commit();
  }

 private:
  int step(int flush) {
    stream_.next_out = output_.data();
    stream_.avail_out = static_cast<uInt>(output_.size());
    const int status = deflate(&stream_, flush);
    if (status == Z_STREAM_ERROR) throw Error(ErrorCode::internal, "zlib lost its state while compressing");
    file_.write(output_.data(), output_.size() - stream_.avail_out);
    return status;
  }

  AtomicFile file_;
  std::vector<unsigned char> output_;
  z_stream stream_{};
};

}  // namespace

ByteSink::~ByteSink() = default;

std::unique_ptr<ByteSink> create_plain_sink(const std::filesystem::path& file) {
  return std::make_unique<PlainSink>(file);
}

std::unique_ptr<ByteSink> create_gzip_sink(const std::filesystem::path& file, int level) {
  if (level < 0 || level > 9) {
    throw Error(ErrorCode::argument, Reason::invalid,
                "the gzip level is " + std::to_string(level) + ", allowed are 0 to 9", file);
  }
  return std::make_unique<GzipSink>(file, level);
}

}  // namespace musclemap::io
