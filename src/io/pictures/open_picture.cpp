#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/sha256.hpp"
#include "image/typed_view.hpp"
#include "io/nd2/nd2_file.hpp"
#include "io/pictures/nd2_pictures.hpp"
#include "io/tiff/tiff_directory.hpp"
#include "io/tiff/tiff_reader.hpp"
#include "musclemap/pictures.hpp"

namespace musclemap {
namespace {

constexpr std::int64_t kBandBytes = std::int64_t{8} << 20U;

void* first_pixel(ImageStack& stack, std::int64_t t, std::int64_t c, std::int64_t z) {
  return image::with_type(
      stack.dtype(), [&](auto pixel) -> void* { return stack.mutable_plane<decltype(pixel)>(t, c, z).data; });
}

// Calls body(t, c, z) for all planes in the order of memory.
template <class Body>
void for_each_plane(const Index5& shape, const Body& body) {
  for (std::int64_t t = 0; t < shape[0]; ++t) {
    for (std::int64_t c = 0; c < shape[1]; ++c) {
      for (std::int64_t z = 0; z < shape[2]; ++z) body(t, c, z);
    }
  }
}

bool begins_like_nd2(const io::InputFile& file) {
  std::array<char, 16> start{};
  return io::looks_like_nd2({start.data(), file.read(0, start.data(), start.size())});
}

}  // namespace

PictureReader::~PictureReader() = default;

ImageStack PictureReader::read_plane(std::int64_t t, std::int64_t c, std::int64_t z) {
  StackGeometry geometry = info().geometry;
  const std::vector<std::string> names = std::move(geometry.channel_names);
  geometry.channel_names.clear();
  if (c >= 0 && static_cast<std::size_t>(c) < names.size()) {
    geometry.channel_names.push_back(names[static_cast<std::size_t>(c)]);
  }
  for (std::size_t axis = 0; axis < 3; ++axis) geometry.shape[axis] = 1;
  ImageStack plane = ImageStack::zeros(geometry, info().dtype);
  read_rows(t, c, z, 0, geometry.shape[3], first_pixel(plane, 0, 0, 0));
  return plane;
}

bool is_picture(const std::filesystem::path& file) {
  std::error_code none;
  if (!std::filesystem::is_regular_file(file, none)) return false;
  const io::InputFile opened(file);
  return io::begins_like_tiff(opened) || begins_like_nd2(opened);
}

std::unique_ptr<PictureReader> open_picture(const std::filesystem::path& file) {
  if (begins_like_nd2(io::InputFile(file))) return io::open_nd2(file);
  return io::open_tiff(file);
}

ImageStack read_picture(const std::filesystem::path& file) {
  const std::unique_ptr<PictureReader> reader = open_picture(file);
  ImageStack stack = ImageStack::zeros(reader->info().geometry, reader->info().dtype);
  for_each_plane(stack.shape(), [&](std::int64_t t, std::int64_t c, std::int64_t z) {
    reader->read_rows(t, c, z, 0, stack.shape()[3], first_pixel(stack, t, c, z));
  });
  return stack;
}

std::string pixels_sha256(PictureReader& pictures) {
  const Index5 shape = pictures.info().geometry.shape;
  const std::size_t size = dtype_size(pictures.info().dtype);
  const std::int64_t line = shape[4] * static_cast<std::int64_t>(size);
  const std::int64_t band = std::clamp<std::int64_t>(kBandBytes / line, 1, shape[3]);
  std::vector<unsigned char> rows(static_cast<std::size_t>(band * line));
  base::Sha256 hash;
  for_each_plane(shape, [&](std::int64_t t, std::int64_t c, std::int64_t z) {
    for (std::int64_t y = 0; y < shape[3]; y += band) {
      const std::int64_t count = std::min(band, shape[3] - y);
      pictures.read_rows(t, c, z, y, count, rows.data());
      const auto bytes = static_cast<std::size_t>(count * line);
      if constexpr (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) {
        for (std::size_t at = 0; at < bytes; at += size) std::reverse(&rows[at], &rows[at] + size);
      }
      hash.update(rows.data(), bytes);
    }
  });
  return hash.hex();
}

}  // namespace musclemap
