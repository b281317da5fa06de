// Layout: each chunk is a header of 16 bytes (magic, length of the name's room, length of the data), the
// name in its room, the data. The file's last 40 bytes are the map's signature and its offset; the map's data
// are names that end in '!', each with the offset of its chunk and a length.
#include "io/nd2/nd2_file.hpp"

#include "base/text.hpp"
#include "io/nd2/nd2_bytes.hpp"

namespace musclemap::io {
namespace {

constexpr std::string_view kChunkMagic("\xda\xce\xbe\x0a", 4);
constexpr std::string_view kLegacyMagic("\x00\x00\x00\x0c\x6a\x50\x20\x20", 8);
constexpr std::string_view kMapSignature = "ND2 CHUNK MAP SIGNATURE 0000001!";
constexpr std::string_view kFileSignature = "ND2 FILE SIGNATURE CHUNK NAME01!";
constexpr std::uint64_t kChunkHeader = 16;
constexpr std::uint64_t kMostMapBytes = std::uint64_t{256} << 20;
constexpr std::uint64_t kMostNameRoom = 1 << 16;

std::string quoted_name(std::string_view name) { return "'" + base::printable(name, 60) + "'"; }

// Version 3.0 writes "Ver3.0" behind the signature.
void check_version(std::string_view start) {
  constexpr std::size_t kVersion = 48;
  constexpr std::size_t kVersionText = 6;
  if (start.size() < kVersion + kVersionText ||
      start.substr(kChunkHeader, kFileSignature.size()) != kFileSignature)
    refuse_nd2(Reason::bad_header, "the file has no signature of its version");
  const std::string_view version = start.substr(kVersion, kVersionText);
  if (version.substr(0, 3) != "Ver" || version[3] < '0' || version[3] > '9')
    refuse_nd2(Reason::bad_header, "has version " + quoted_name(version));
  if (version[3] < '3') {
    refuse_nd2(Reason::unsupported,
               "has version " + quoted_name(version.substr(3)) + "; 3.0 and newer are read");
  }
}

}  // namespace

bool looks_like_nd2(std::string_view start) { return start.substr(0, kChunkMagic.size()) == kChunkMagic; }

Nd2File::Nd2File(const std::filesystem::path& file) : file_(file) {
  try {
    constexpr std::size_t kStart = 64;
    std::string start(kStart, '\0');
    start.resize(file_.read(0, start.data(), start.size()));
    if (std::string_view(start).substr(0, kLegacyMagic.size()) == kLegacyMagic) {
      refuse_nd2(
          Reason::unsupported,
          "the file is of the older format, which is JPEG 2000; files of version 3.0 and newer are read");
    }
    if (!looks_like_nd2(start)) refuse_nd2(Reason::bad_header, "the file does not begin as an ND2 file does");
    check_version(start);
    read_map();
  } catch (const Error& error) {
    throw error.about(file);
  }
}

std::string Nd2File::bytes_at(std::uint64_t offset, std::uint64_t count) const {
  if (offset > file_.size() || count > file_.size() - offset) {
    refuse_nd2(Reason::truncated, std::to_string(count) + " bytes at " + std::to_string(offset) +
                                      " are beyond the end of the file, which has " +
                                      std::to_string(file_.size()));
  }
  std::string bytes(static_cast<std::size_t>(count), '\0');
  if (file_.read(offset, bytes.data(), bytes.size()) != bytes.size())
    refuse_nd2(Reason::truncated, "the file became shorter while it was read");
  return bytes;
}

void Nd2File::read_map() {
  constexpr std::uint64_t kEnd = 40;
  if (file_.size() < kEnd) refuse_nd2(Reason::truncated, "the file is cut short");
  const std::string end = bytes_at(file_.size() - kEnd, kEnd);
  if (std::string_view(end).substr(0, kMapSignature.size()) != kMapSignature) {
    refuse_nd2(Reason::truncated, "the file does not end with the map of its chunks: it is cut short");
  }
  const auto offset = little<std::uint64_t>(end, kMapSignature.size());
  const std::string header = bytes_at(offset, kChunkHeader);
  if (std::string_view(header).substr(0, kChunkMagic.size()) != kChunkMagic)
    refuse_nd2(Reason::corrupt, "there is no chunk where the map should be");
  const std::uint64_t room = little<std::uint32_t>(header, 4);
  const auto size = little<std::uint64_t>(header, 8);
  if (room > kMostNameRoom || size > kMostMapBytes)
    refuse_nd2(Reason::limit, "the map of the chunks has " + std::to_string(size) + " bytes");
  const std::string map = bytes_at(offset + kChunkHeader + room, size);
  for (std::size_t at = 0; at < map.size();) {
    const std::size_t name_end = map.find('!', at);
    if (name_end == std::string::npos) refuse_nd2(Reason::truncated, "the map of the chunks is cut short");
    const std::string name = map.substr(at, name_end + 1 - at);
    if (name == kMapSignature) return;
    const auto where = little<std::uint64_t>(map, name_end + 1);
    if (!chunks_.emplace(name, where).second)
      refuse_nd2(Reason::corrupt, "the map has chunk " + quoted_name(name) + " twice");
    at = name_end + 1 + 16;
  }
  refuse_nd2(Reason::truncated, "the map of the chunks has no end");
}

std::string Nd2File::read(const std::string& chunk, std::uint64_t most_bytes) const {
  const auto found = chunks_.find(chunk);
  if (found == chunks_.end()) refuse_nd2(Reason::corrupt, "there is no chunk " + quoted_name(chunk));
  const std::uint64_t offset = found->second;
  const std::string header = bytes_at(offset, kChunkHeader);
  const std::uint64_t room = little<std::uint32_t>(header, 4);
  const auto size = little<std::uint64_t>(header, 8);
  if (std::string_view(header).substr(0, kChunkMagic.size()) != kChunkMagic || room > kMostNameRoom)
    refuse_nd2(Reason::corrupt, "there is no chunk where the map says that " + quoted_name(chunk) + " is");
  const std::string name = bytes_at(offset + kChunkHeader, room);
  if (name.compare(0, chunk.size(), chunk) != 0) {
    refuse_nd2(Reason::corrupt, "chunk " + quoted_name(name.substr(0, name.find('\0'))) +
                                    " lies where the map says that " + quoted_name(chunk) + " is");
  }
  if (size > most_bytes) {
    refuse_nd2(Reason::limit, "chunk " + quoted_name(chunk) + " has " + std::to_string(size) +
                                  " bytes; at most " + std::to_string(most_bytes) + " are read");
  }
  return bytes_at(offset + kChunkHeader + room, size);
}

}  // namespace musclemap::io
