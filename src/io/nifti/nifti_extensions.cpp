#include "io/nifti/nifti_extensions.hpp"

#include <array>
#include <cstring>

#include "io/files/io_error.hpp"

namespace musclemap::io {
namespace {

constexpr std::size_t kHeadBytes = 8;  // size and code

struct ExtensionHead {
  std::int32_t size;
  std::int32_t code;
};

ExtensionHead parse_head(const std::array<unsigned char, kHeadBytes>& bytes, bool swapped) {
  std::array<std::uint32_t, 2> words{};
  std::memcpy(words.data(), bytes.data(), kHeadBytes);
  if (swapped) words = {__builtin_bswap32(words[0]), __builtin_bswap32(words[1])};
  return {static_cast<std::int32_t>(words[0]), static_cast<std::int32_t>(words[1])};
}

void append(NiftiHeader& header, const void* bytes, std::size_t count) {
  const auto* from = static_cast<const unsigned char*>(bytes);
  header.extensions.insert(header.extensions.end(), from, from + count);
}

}  // namespace

void read_extensions(ByteSource& source, std::uint64_t end, bool swapped, std::uint64_t most,
                     NiftiHeader& header, std::vector<Warning>& warnings) {
  std::array<unsigned char, 4> flag{};
  if (source.read(flag.data(), flag.size()) < flag.size() || flag[0] == 0) return;
  const std::uint64_t start = least_offset(header.version);
  std::uint64_t room = end > start ? end - start : 0;
  const auto warn = [&](const std::string& what) {
    warnings.push_back({WarningCode::header_field, "extension " + std::to_string(header.extension_count + 1) +
                                                       " " + what + "; it and what follows it are left out"});
  };
  while (room > 0) {
    std::array<unsigned char, kHeadBytes> bytes{};
    const std::size_t got = room < kHeadBytes ? 0 : source.read(bytes.data(), bytes.size());
    if (got == 0) return;  // a gap, or the end of a .hdr file
    const ExtensionHead head = parse_head(bytes, swapped);
    if (got < kHeadBytes || head.size < 16 || head.size % 16 != 0 ||
        static_cast<std::uint64_t>(head.size) > room) {
      return warn("has size " + std::to_string(head.size) + ", allowed are multiples of 16 up to the " +
                  std::to_string(room) + " bytes there");
    }
    const auto size = static_cast<std::size_t>(head.size);
    const std::size_t before = header.extensions.size();
    if (before + size > most) {
      throw_format(Reason::limit,
                   "the extensions take " + std::to_string(before + size) + " bytes or more, allowed are " +
                       std::to_string(most),
                   source.path());
    }
    append(header, &head, kHeadBytes);
    header.extensions.resize(before + size);
    if (source.read(header.extensions.data() + before + kHeadBytes, size - kHeadBytes) < size - kHeadBytes) {
      header.extensions.resize(before);
      return warn("is cut short");
    }
    ++header.extension_count;
    room -= size;
  }
}

}  // namespace musclemap::io
