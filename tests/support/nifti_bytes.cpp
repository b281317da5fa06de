#include "support/nifti_bytes.hpp"

#include <zlib.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace musclemap::test {

Bytes nifti_one(const std::array<std::int16_t, 3>& shape) {
  constexpr std::size_t kOffset = 352;
  const std::size_t voxels = std::size_t(shape[0]) * std::size_t(shape[1]) * std::size_t(shape[2]);
  Bytes bytes(kOffset + voxels * 2);
  put(bytes, 0, std::int32_t{348});
  put(bytes, kDim, std::int16_t{3});
  const float spacing[3] = {2.0F, 2.5F, 3.0F};
  for (std::size_t axis = 0; axis < 7; ++axis) {
    put(bytes, kDim + 2 + 2 * axis, axis < 3 ? shape[axis] : std::int16_t{1});
  }
  put(bytes, kPixdim, 1.0F);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    put(bytes, kPixdim + 4 + 4 * axis, spacing[axis]);
    put(bytes, kSrow + 20 * axis, spacing[axis]);
    put(bytes, kSrow + 16 * axis + 12, 10.0F * float(axis));
  }
  put(bytes, kDatatype, std::int16_t{4});
  put(bytes, kBitpix, std::int16_t{16});
  put(bytes, kVoxOffset, float(kOffset));
  put(bytes, kSlope, 1.0F);
  put(bytes, kUnits, std::uint8_t{2});
  put(bytes, kSformCode, std::int16_t{1});
  put(bytes, kMagic, std::array<char, 4>{'n', '+', '1', 0});
  for (std::size_t n = 0; n < voxels; ++n) put(bytes, kOffset + 2 * n, std::int16_t(n));
  return bytes;
}

Bytes gzip(const Bytes& bytes, int level, gz_header* header) {
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("no compressor");
  }
  if (header != nullptr) deflateSetHeader(&stream, header);
  Bytes out(deflateBound(&stream, uLong(bytes.size())) + 64);
  stream.next_in = const_cast<unsigned char*>(bytes.data());
  stream.avail_in = uInt(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = uInt(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

Bytes gunzip(const Bytes& packed) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) throw std::runtime_error("no decompressor");
  stream.next_in = const_cast<unsigned char*>(packed.data());
  stream.avail_in = uInt(packed.size());
  Bytes out;
  Bytes piece(1 << 16);
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = piece.data();
    stream.avail_out = uInt(piece.size());
    status = inflate(&stream, Z_NO_FLUSH);
    out.insert(out.end(), piece.begin(), piece.end() - stream.avail_out);
  }
  const bool right = status == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  if (!right) throw std::runtime_error("not one right gzip member");
  return out;
}

void write_bytes(const std::filesystem::path& file, const Bytes& bytes) {
  // Truncating a file in place makes some file systems bring it to the disk at once, which is slow.
  std::filesystem::remove(file);
  std::ofstream stream(file, std::ios::binary);
  stream.write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
  if (!stream.flush()) throw std::runtime_error("cannot write a test file");
}

Bytes read_bytes(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(stream), {});
}

}  // namespace musclemap::test
