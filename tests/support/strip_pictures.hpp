// Pictures of the reference data: little-endian TIFF files whose pages are one deflated strip of u16.
#ifndef MUSCLEMAP_TESTS_SUPPORT_STRIP_PICTURES_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_STRIP_PICTURES_HPP_

#include <libdeflate.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "io/files/file_bytes.hpp"

namespace musclemap::test {

struct StripPage {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::vector<std::uint16_t> values;
};

inline std::vector<StripPage> read_strip_pages(const std::filesystem::path& file) {
  const std::string bytes = io::read_file_bytes(file, std::uint64_t{1} << 30);
  const auto number = [&](std::size_t at, std::size_t size) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.substr(at, size).data(), size);
    return value;
  };
  std::vector<StripPage> pages;
  for (std::size_t directory = number(4, 4); directory != 0;) {
    std::map<std::uint32_t, std::uint32_t> fields;
    const std::size_t count = number(directory, 2);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t entry = directory + 2 + 12 * i;
      fields[number(entry, 2)] = number(entry + 8, number(entry + 2, 2) == 3 ? 2 : 4);
    }
    StripPage page{fields.at(257), fields.at(256), {}};
    page.values.resize(static_cast<std::size_t>(page.height * page.width));
    libdeflate_decompressor* decompressor = libdeflate_alloc_decompressor();
    const libdeflate_result result =
        libdeflate_zlib_decompress(decompressor, bytes.data() + fields.at(273), fields.at(279),
                                   page.values.data(), page.values.size() * sizeof(std::uint16_t), nullptr);
    libdeflate_free_decompressor(decompressor);
    if (result != LIBDEFLATE_SUCCESS) throw std::runtime_error(file.string() + " is no such picture");
    if (fields.count(317) > 0 && fields.at(317) == 2) {  // differences of neighbours along a row
      for (std::int64_t i = 0; i < page.height * page.width; ++i) {
        if (i % page.width == 0) continue;
        const auto at = static_cast<std::size_t>(i);
        page.values[at] = static_cast<std::uint16_t>(page.values[at] + page.values[at - 1]);
      }
    }
    pages.push_back(std::move(page));
    directory = number(directory + 2 + 12 * count, 4);
  }
  return pages;
}

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_STRIP_PICTURES_HPP_
