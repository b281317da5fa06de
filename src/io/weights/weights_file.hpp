// The bytes of a weights file, with their hash.
#ifndef MUSCLEMAP_IO_WEIGHTS_WEIGHTS_FILE_HPP_
#define MUSCLEMAP_IO_WEIGHTS_WEIGHTS_FILE_HPP_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "musclemap/run.hpp"

namespace musclemap::io {

inline constexpr std::uint64_t kLargestWeights = std::uint64_t{2} << 30;  // bytes

/// A file in memory. Where more than one thread may be used, a thread of its own computes the hash while the
/// bytes are read and used.
class WeightsFile {
 public:
  /// Reads all of it; reports Stage::read in megabytes. Errors: `io`, `memory` (more than kLargestWeights),
  /// `cancelled`.
  WeightsFile(const std::filesystem::path& file, const RunControl& control);
  ~WeightsFile();
  WeightsFile(const WeightsFile&) = delete;
  WeightsFile& operator=(const WeightsFile&) = delete;

  const std::string& bytes() const noexcept { return bytes_; }
  /// SHA-256 of the bytes in hexadecimal digits; waits for it.
  const std::string& sha256();
  /// The bytes themselves, once they have been hashed.
  std::string take_bytes();

 private:
  class Hasher;

  std::string bytes_;
  std::string sha256_;
  std::unique_ptr<Hasher> hasher_;  // behind the bytes, so that its thread ends before they go
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_WEIGHTS_FILE_HPP_
