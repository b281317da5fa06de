// The text at the start of a .npy file: a Python dictionary, read as data and never evaluated.
// Format: NumPy, numpy.lib.format, versions 1.0, 2.0 and 3.0.
#ifndef MUSCLEMAP_IO_ARRAYS_NPY_HEADER_HPP_
#define MUSCLEMAP_IO_ARRAYS_NPY_HEADER_HPP_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "io/arrays/array.hpp"

namespace musclemap::io {

/// What comes before the values.
struct NpyHeader {
  ArrayType type = ArrayType::u1;
  bool big_endian = false;
  bool fortran_order = false;  ///< the first axis is the fastest
  std::vector<std::int64_t> shape;
  std::size_t size = 0;         ///< bytes of the header: the values begin there
  std::uint64_t data_size = 0;  ///< bytes of the values
};

/// No header is longer: NumPy itself stops at 10,000 bytes.
constexpr std::size_t kMostNpyHeader = std::size_t{1} << 16;

/// @param start the first bytes of the file, kMostNpyHeader of them where it has so many
/// Errors: `format` reason bad_header, truncated or limit; `unsupported` for arrays of objects, records,
/// text, complex numbers and times, by name.
NpyHeader parse_npy_header(std::string_view start);

/// Version 1.0, little-endian, C order, padded so that the values begin at a multiple of 64.
std::string npy_header(ArrayType type, const std::vector<std::int64_t>& shape);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_ARRAYS_NPY_HEADER_HPP_
