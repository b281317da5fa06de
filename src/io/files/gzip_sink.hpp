// Bytes on their way into a gzip file (RFC 1952).
#ifndef MUSCLEMAP_IO_FILES_GZIP_SINK_HPP_
#define MUSCLEMAP_IO_FILES_GZIP_SINK_HPP_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "base/worker_pool.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/byte_sink.hpp"

namespace musclemap::io {

/// One member. Its bytes are compressed in pieces of one size that do not look back at each other, several
/// pieces at a time, so the file depends neither on the number of threads nor on how its bytes come.
class GzipSink : public ByteSink {
 public:
  /// Compresses on up to `threads` threads, inside write() and commit() alone.
  GzipSink(const std::filesystem::path& file, int threads);
  ~GzipSink() override;

  void write(const void* bytes, std::size_t count) override;
  void commit() override;

 private:
  struct Packer;
  struct Packed {
    std::unique_ptr<unsigned char[]> bytes;  // no vector, which would write zeros first
    std::size_t used = 0;
  };

  void compress(const unsigned char* bytes, std::size_t size, bool last);
  void write_packed(const std::vector<Packed>& pieces);

  AtomicFile file_;
  base::WorkerPool pool_;
  std::size_t room_;  // of waiting_: a round
  std::vector<unsigned char> waiting_;
  std::vector<std::unique_ptr<Packer>> packers_;  // one a thread
  std::vector<Packed> packed_;                    // of the last round
  std::vector<Packed> before_;                    // of the round before it, which goes into the file
  std::uint32_t crc_ = 0;
  std::uint64_t length_ = 0;
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_GZIP_SINK_HPP_
