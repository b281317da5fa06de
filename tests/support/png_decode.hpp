// PNG files in memory, decoded with libpng's own simple reader.
#ifndef MUSCLEMAP_TESTS_SUPPORT_PNG_DECODE_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_PNG_DECODE_HPP_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace musclemap::test {

struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;
  std::array<std::uint8_t, 3> at(int x, int y) const;
};

/// An empty picture where the bytes are no PNG file.
Picture decode_png(const std::string& bytes);

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_PNG_DECODE_HPP_
