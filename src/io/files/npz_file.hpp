// An array of floats as numpy.savez_compressed() writes it.
#ifndef MUSCLEMAP_IO_FILES_NPZ_FILE_HPP_
#define MUSCLEMAP_IO_FILES_NPZ_FILE_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "io/files/zip_file.hpp"

namespace musclemap::io {

/// The entry's name in the archive of an array: "probabilities.npy".
std::string npz_entry(const std::string& array);

/// Writes the archive's one array and finishes the entry: the format's version 1.0
/// (numpy.lib.format), little-endian float32 in C order. Error `io`.
/// @param values as many as the shape's product, the last axis fastest
void write_npy(const std::vector<std::int64_t>& shape, const std::vector<float>& values, ZipFile* file);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_NPZ_FILE_HPP_
