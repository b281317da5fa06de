// Arrays in .npy files.
#ifndef MUSCLEMAP_IO_ARRAYS_NPY_FILE_HPP_
#define MUSCLEMAP_IO_ARRAYS_NPY_FILE_HPP_

#include <cstdint>
#include <filesystem>
#include <string>

#include "io/arrays/array.hpp"

namespace musclemap::io {

/// Larger arrays are refused unless a caller allows more.
constexpr std::uint64_t kMostArrayBytes = std::uint64_t{1} << 36;

/// Memory is taken for what the file holds, not for what its header says. C and Fortran order and both byte
/// orders come out alike. Errors name the file: `io`, `format`, `unsupported` as parse_npy_header(), `memory`
/// reason `limit` above `limit_bytes`; bytes that are missing or left over are errors too.
Array read_npy(const std::filesystem::path& file, std::uint64_t limit_bytes = kMostArrayBytes);

/// The same of bytes in memory. Errors without a file.
Array parse_npy(std::string bytes);

/// Version 1.0, little-endian, C order; appears whole or not at all. Error `io`.
void write_npy(const std::filesystem::path& file, const ArrayView& array);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_ARRAYS_NPY_FILE_HPP_
