#include "io/nd2/nd2_bytes.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <memory>
#include <new>

namespace musclemap::io {
namespace {

using Inflater = std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)>;

Inflater new_inflater() {
  Inflater inflater(libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (!inflater) throw std::bad_alloc();
  return inflater;
}

}  // namespace

void refuse_nd2(Reason reason, const std::string& message) {
  throw Error(reason == Reason::unsupported ? ErrorCode::unsupported : ErrorCode::format, reason,
              "ND2: " + message);
}

std::string inflate_exactly(std::string_view packed, std::size_t size) {
  constexpr std::size_t kMostInflated = 1032;  // bytes that deflate makes of one
  if (size / kMostInflated > packed.size()) refuse_nd2(Reason::corrupt, "a packed frame is too short");
  std::string data(size, '\0');
  const auto result = libdeflate_zlib_decompress(new_inflater().get(), packed.data(), packed.size(),
                                                 data.data(), data.size(), nullptr);
  if (result != LIBDEFLATE_SUCCESS)
    refuse_nd2(Reason::corrupt, "a packed frame does not unpack to " + std::to_string(size) + " bytes");
  return data;
}

std::string inflate_any(std::string_view packed, std::size_t most) {
  const Inflater inflater = new_inflater();
  std::string data;
  for (std::size_t room = std::min(most, 4 * packed.size() + 4096);; room = std::min(most, 4 * room)) {
    data.resize(room);
    std::size_t size = 0;
    const auto result = libdeflate_zlib_decompress(inflater.get(), packed.data(), packed.size(), data.data(),
                                                   data.size(), &size);
    if (result == LIBDEFLATE_SUCCESS) {
      data.resize(size);
      return data;
    }
    if (result != LIBDEFLATE_INSUFFICIENT_SPACE) refuse_nd2(Reason::corrupt, "packed metadata are damaged");
    if (room == most) {
      refuse_nd2(Reason::limit, "packed metadata have more than " + std::to_string(most) + " bytes");
    }
  }
}

}  // namespace musclemap::io
