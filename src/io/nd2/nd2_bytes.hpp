// Numbers and packed bytes of ND2 files.
#ifndef MUSCLEMAP_IO_ND2_ND2_BYTES_HPP_
#define MUSCLEMAP_IO_ND2_ND2_BYTES_HPP_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "musclemap/error.hpp"

namespace musclemap::io {

/// Error `unsupported` for that reason, else `format`.
[[noreturn]] void refuse_nd2(Reason reason, const std::string& message);

/// Little-endian number of sizeof(T) bytes; Error `format` reason truncated past the end.
template <class T>
T little(std::string_view bytes, std::size_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T))
    refuse_nd2(Reason::truncated, "metadata are cut short");
  std::uint64_t value = 0;
  for (std::size_t byte = sizeof(T); byte-- > 0;)
    value = value << 8 | static_cast<unsigned char>(bytes[offset + byte]);
  return static_cast<T>(value);
}

/// A zlib stream of exactly `size` bytes once unpacked. Error `format` reason corrupt.
std::string inflate_exactly(std::string_view packed, std::size_t size);

/// A zlib stream of unknown length. Error `format` reason corrupt, or limit above `most` bytes.
std::string inflate_any(std::string_view packed, std::size_t most);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_ND2_ND2_BYTES_HPP_
