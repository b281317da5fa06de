#include "io/files/justified_bytes.hpp"

#include <algorithm>
#include <limits>
#include <system_error>

#include "io/nifti/nifti_paths.hpp"

namespace musclemap::io {
namespace {

std::uint64_t bytes_of(const std::filesystem::path& file) {
  std::error_code failed;
  const std::uintmax_t size = std::filesystem::file_size(file, failed);
  return failed ? 0 : static_cast<std::uint64_t>(size);
}

}  // namespace

std::uint64_t justified_voxel_bytes(const std::filesystem::path& file) {
  constexpr std::uint64_t kAlways = std::uint64_t{64} << 20;
  constexpr std::uint64_t kPerByte = 500;
  const std::filesystem::path header = header_path(file);
  std::uint64_t size = bytes_of(header);
  if (is_pair_name(header)) size += bytes_of(voxel_path(header, file));
  if (size > std::numeric_limits<std::uint64_t>::max() / kPerByte)
    return std::numeric_limits<std::uint64_t>::max();
  return std::max(kAlways, size * kPerByte);
}

}  // namespace musclemap::io
