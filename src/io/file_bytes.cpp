#include "io/file_bytes.hpp"

#include "io/input_file.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {

std::string read_file_bytes(const std::filesystem::path& file, std::uint64_t limit_bytes) {
  const InputFile input(file);
  if (input.size() > limit_bytes) {
    throw Error(ErrorCode::memory, Reason::limit,
                "has " + std::to_string(input.size()) + " bytes; at most " + std::to_string(limit_bytes) +
                    " are read",
                file);
  }
  std::string bytes(static_cast<std::size_t>(input.size()), '\0');
  if (input.read(0, bytes.data(), bytes.size()) != bytes.size()) {
    throw Error(ErrorCode::io, Reason::truncated, "became shorter while it was read", file);
  }
  return bytes;
}

}  // namespace musclemap::io
