// Writes small ND2 files, well-formed or broken in one chosen way.
#ifndef MUSCLEMAP_TESTS_UNIT_IO_ND2_ND2_WRITER_HPP_
#define MUSCLEMAP_TESTS_UNIT_IO_ND2_ND2_WRITER_HPP_

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "support/zip_writer.hpp"

namespace musclemap::test {

/// An item of a lite variant: type, name, value.
inline std::string lite_item(int type, const std::string& name, const std::string& value) {
  std::string item(1, static_cast<char>(type));
  item += static_cast<char>(name.size() + 1);
  for (const char letter : name) put16(item, static_cast<unsigned char>(letter));
  put16(item, 0);
  return item + value;
}
inline std::string lite_number(const std::string& name, std::uint32_t value) {
  std::string bytes;
  put32(bytes, value);
  return lite_item(3, name, bytes);
}
inline std::string lite_real(const std::string& name, double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  std::string bytes;
  put64(bytes, bits);
  return lite_item(6, name, bytes);
}
inline std::string lite_text(const std::string& name, const std::string& value) {
  std::string bytes;
  for (const char letter : value) put16(bytes, static_cast<unsigned char>(letter));
  put16(bytes, 0);
  return lite_item(8, name, bytes);
}
inline std::string lite_level(const std::string& name, const std::vector<std::string>& items) {
  std::string inside;
  for (const std::string& item : items) inside += item;
  std::string head;
  put32(head, items.size());
  const std::size_t before = 2 + 2 * (name.size() + 1) + 12;
  put64(head, before + inside.size());
  return lite_item(11, name, head + inside + std::string(8 * items.size(), '\0'));
}

using Chunks = std::vector<std::pair<std::string, std::string>>;

/// Chunks in this order, then their map.
inline std::string nd2_file(const Chunks& chunks, const std::string& version = "Ver3.0") {
  std::string file;
  std::string map;
  const auto put_chunk = [&](const std::string& name, const std::string& data) {
    file += "\xda\xce\xbe\x0a";
    put32(file, name.size() + 8);
    put64(file, data.size());
    file += name + std::string(8, '\0') + data;
  };
  std::string start = version;
  start.resize(64, '\0');
  file += "\xda\xce\xbe\x0a";
  put32(file, 32);
  put64(file, start.size());
  file += "ND2 FILE SIGNATURE CHUNK NAME01!" + start;
  for (const auto& [name, data] : chunks) {
    map += name;
    put64(map, file.size());
    put64(map, data.size());
    put_chunk(name, data);
  }
  const std::size_t offset = file.size();
  map += "ND2 CHUNK MAP SIGNATURE 0000001!";
  put64(map, offset);
  put64(map, 0);
  put_chunk("ND2 FILEMAP SIGNATURE NAME 0001!", map);
  file += "ND2 CHUNK MAP SIGNATURE 0000001!";
  put64(file, offset);
  return file;
}

inline std::string nd2_attributes(std::uint32_t width, std::uint32_t height, std::uint32_t channels,
                                  std::uint32_t frames, std::uint32_t bits = 16, std::uint32_t packing = 2) {
  return lite_level(
      "SLxImageAttributes",
      {lite_number("uiWidth", width), lite_number("uiHeight", height), lite_number("uiComp", channels),
       lite_number("uiSequenceCount", frames), lite_number("uiBpcInMemory", bits),
       lite_number("eCompression", packing), lite_number("uiWidthBytes", width * channels * bits / 8)});
}

inline std::string nd2_loop(std::uint32_t type, std::uint32_t count, const std::string& inner = {},
                            const std::string& name = "SLxExperiment") {
  std::vector<std::string> items = {
      lite_number("eType", type),
      lite_level("uLoopPars", {lite_number("uiCount", count), lite_real("dZStep", -0.5)})};
  if (!inner.empty()) items.push_back(lite_level("ppNextLevelEx", {inner}));
  return lite_level(name, items);
}

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_UNIT_IO_ND2_ND2_WRITER_HPP_
