// NIfTI-1 files made field by field, independent of the library's own header code.
#ifndef MUSCLEMAP_TESTS_SUPPORT_NIFTI_BYTES_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_NIFTI_BYTES_HPP_

#include <zlib.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace musclemap::test {

using Bytes = std::vector<unsigned char>;

/// Offsets in a NIfTI-1 header (nifti1.h).
enum NiftiOneField : std::size_t {
  kDim = 40,
  kIntentCode = 68,
  kDatatype = 70,
  kBitpix = 72,
  kPixdim = 76,
  kVoxOffset = 108,
  kSlope = 112,
  kInter = 116,
  kUnits = 123,
  kCalMax = 124,
  kCalMin = 128,
  kDescrip = 148,
  kAuxFile = 228,
  kQformCode = 252,
  kSformCode = 254,
  kQuatern = 256,
  kQoffset = 268,
  kSrow = 280,
  kIntentName = 328,
  kMagic = 344,
};

template <class T>
void put(Bytes& bytes, std::size_t at, T value) {
  const auto* from = reinterpret_cast<const unsigned char*>(&value);
  for (std::size_t n = 0; n < sizeof value; ++n) bytes[at + n] = from[n];
}

template <class T>
T get(const Bytes& bytes, std::size_t at) {
  T value{};
  auto* to = reinterpret_cast<unsigned char*>(&value);
  for (std::size_t n = 0; n < sizeof value; ++n) to[n] = bytes[at + n];
  return value;
}

/// A little-endian single file of int16 voxels 0, 1, 2, … with spacing 2 x 2.5 x 3 and that as its sform.
Bytes nifti_one(const std::array<std::int16_t, 3>& shape);

/// One gzip member, with a header of that kind if one is given.
Bytes gzip(const Bytes& bytes, int level = 6, gz_header* header = nullptr);

/// What zlib inflates from one gzip member that is nothing but right.
Bytes gunzip(const Bytes& packed);

void write_bytes(const std::filesystem::path& file, const Bytes& bytes);
Bytes read_bytes(const std::filesystem::path& file);

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_NIFTI_BYTES_HPP_
