// JPEG 2000 code streams, as strips and tiles of TIFF hold them.
#ifndef MUSCLEMAP_IO_TIFF_JPEG2000_HPP_
#define MUSCLEMAP_IO_TIFF_JPEG2000_HPP_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace musclemap::io {

/// What a strip or tile should hold.
struct Jpeg2000Shape {
  std::uint32_t width;
  std::uint32_t length;
  std::uint32_t samples;
  std::uint32_t bytes;  ///< of a sample: 1 or 2
};

/// Interleaved samples in native byte order. Error `format` without a file where the stream is damaged or
/// holds something else than `shape`.
std::vector<unsigned char> decode_jpeg2000(const std::vector<unsigned char>& stream,
                                           const Jpeg2000Shape& shape);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_TIFF_JPEG2000_HPP_
