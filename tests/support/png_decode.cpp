#include "support/png_decode.hpp"

#include <png.h>

#include <cstddef>

namespace musclemap::test {

std::array<std::uint8_t, 3> Picture::at(int x, int y) const {
  const std::size_t here =
      (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)) * 3;
  return {rgb.at(here), rgb.at(here + 1), rgb.at(here + 2)};
}

Picture decode_png(const std::string& bytes) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0) return {};
  image.format = PNG_FORMAT_RGB;
  Picture picture{static_cast<int>(image.width), static_cast<int>(image.height), {}};
  picture.rgb.resize(PNG_IMAGE_SIZE(image));
  if (png_image_finish_read(&image, nullptr, picture.rgb.data(), 0, nullptr) == 0) return {};
  return picture;
}

}  // namespace musclemap::test
