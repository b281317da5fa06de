// Changes files at random, so that readers meet what nobody writes.
#ifndef MUSCLEMAP_TESTS_SUPPORT_MUTATION_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_MUTATION_HPP_

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "io/weights/zip_reader.hpp"
#include "support/zip_writer.hpp"

namespace musclemap::test {

using Random = std::mt19937_64;

/// A number at which readers go wrong: ends of types, small ones, any.
inline std::uint64_t odd_number(Random& random) {
  constexpr std::array<std::uint64_t, 12> kOdd = {
      0, 1, 2, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, UINT64_MAX, UINT64_MAX / 2};
  const std::uint64_t at = random() % (kOdd.size() + 2);
  return at < kOdd.size() ? kOdd[at] : random() % 4096;
}

/// One to four changes: a byte, bytes away, bytes again, the end away, a number of 2 to 8 bytes.
inline std::string mutated(std::string bytes, Random& random) {
  for (auto n = 1 + random() % 4; n > 0 && !bytes.empty(); --n) {
    const std::size_t at = random() % bytes.size();
    switch (random() % 6) {
      case 0:
        bytes[at] = static_cast<char>(random() & 255);
        break;
      case 1:
        bytes.erase(at, 1 + random() % 16);
        break;
      case 2:
        bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 64));
        break;
      case 3:
        bytes.resize(at);
        break;
      default: {
        const std::uint64_t number = odd_number(random);
        const std::size_t length = std::size_t{2} << random() % 3;
        for (std::size_t i = 0; i < length && at + i < bytes.size(); ++i)
          bytes[at + i] = static_cast<char>(number >> (8 * i) & 255);
        break;
      }
    }
  }
  return bytes;
}

/// Behind right checksums it is the readers of the entries that are at risk. `often`: part of the name of an
/// entry that is changed more often than the others.
inline std::string with_mutated_entry(const std::string& archive, const std::string& often, Random& random) {
  const io::ZipReader zip(archive);
  std::vector<ZipItem> items;
  const std::size_t chosen = random() % zip.entries().size();
  const bool any = random() % 2 == 0;
  for (const io::ZipEntry& entry : zip.entries()) {
    std::string data = zip.read(entry, std::size_t{1} << 24);
    const bool change = any ? items.size() == chosen : entry.name.find(often) != std::string::npos;
    items.push_back(stored_item(entry.name, change ? mutated(std::move(data), random) : data));
  }
  return write_zip(items);
}

/// A little-endian classic TIFF file with one number of one entry of its first directory changed.
inline std::string with_mutated_tag(std::string tiff, Random& random) {
  const auto number = [&](std::size_t at, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = count; i-- > 0;) value = value << 8 | static_cast<unsigned char>(tiff[at + i]);
    return value;
  };
  const std::size_t begin = number(4, 4);
  const std::size_t entry = begin + 2 + 12 * (random() % number(begin, 2));
  // Tag, type, count or value.
  constexpr std::array<std::pair<std::size_t, std::size_t>, 4> kParts = {{{0, 2}, {2, 2}, {4, 4}, {8, 4}}};
  const auto [offset, length] = kParts[random() % kParts.size()];
  const std::uint64_t value = odd_number(random);
  for (std::size_t i = 0; i < length; ++i)
    tiff[entry + offset + i] = static_cast<char>(value >> (8 * i) & 255);
  return tiff;
}

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_MUTATION_HPP_
