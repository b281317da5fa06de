#include "io/weights/weights_file.hpp"

#include <string_view>

#include "base/progress.hpp"
#include "base/sha256.hpp"
#include "io/files/file_bytes.hpp"

namespace musclemap::io {

std::string read_weights_file(const std::filesystem::path& file, const RunControl& control,
                              std::string* sha256) {
  constexpr std::uint64_t kMegabyte = std::uint64_t{1} << 20;
  base::Sha256 hash;
  std::uint64_t done = 0;
  const auto whole = [&](std::uint64_t bytes) {
    return static_cast<std::int64_t>((bytes + kMegabyte - 1) / kMegabyte);
  };
  std::string bytes = read_file_bytes(file, kLargestWeights, [&](std::string_view piece, std::uint64_t size) {
    hash.update(piece.data(), piece.size());
    done += piece.size();
    base::report(control, Stage::read, whole(done), whole(size));
  });
  *sha256 = hash.hex();
  return bytes;
}

}  // namespace musclemap::io
