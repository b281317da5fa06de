#include "io/files/byte_sink.hpp"

#include "io/files/atomic_file.hpp"
#include "io/files/gzip_sink.hpp"

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

}  // namespace

ByteSink::~ByteSink() = default;

std::unique_ptr<ByteSink> create_plain_sink(const std::filesystem::path& file) {
  return std::make_unique<PlainSink>(file);
}

std::unique_ptr<ByteSink> create_gzip_sink(const std::filesystem::path& file, int threads) {
  return std::make_unique<GzipSink>(file, threads);
}

}  // namespace musclemap::io
