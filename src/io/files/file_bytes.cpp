#include "io/files/file_bytes.hpp"

#include <algorithm>

#include "base/huge_pages.hpp"
#include "io/files/input_file.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {

std::string read_file_bytes(const std::filesystem::path& file, std::uint64_t limit_bytes) {
  std::string bytes;
  read_file_bytes(file, limit_bytes, &bytes);
  return bytes;
}

void read_file_bytes(const std::filesystem::path& file, std::uint64_t limit_bytes, std::string* bytes,
                     const OnPiece& on_piece) {
  constexpr std::size_t kPieceBytes = std::size_t{8} << 20;
  const InputFile input(file);
  if (input.size() > limit_bytes) {
    throw Error(ErrorCode::memory, Reason::limit,
                "has " + std::to_string(input.size()) + " bytes; at most " + std::to_string(limit_bytes) +
                    " are read",
                file);
  }
  const auto size = static_cast<std::size_t>(input.size());
  bytes->clear();
  bytes->reserve(size);
  base::prefer_huge_pages(bytes->data(), size);
  bytes->resize(size);
  for (std::size_t begin = 0; begin < size; begin += kPieceBytes) {
    const std::size_t count = std::min(kPieceBytes, size - begin);
    if (input.read(begin, bytes->data() + begin, count) != count) {
      throw Error(ErrorCode::io, Reason::truncated, "became shorter while it was read", file);
    }
    if (on_piece) on_piece(std::string_view(*bytes).substr(begin, count), input.size());
  }
}

}  // namespace musclemap::io
