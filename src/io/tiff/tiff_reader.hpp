// TIFF files as pictures.
#ifndef MUSCLEMAP_IO_TIFF_TIFF_READER_HPP_
#define MUSCLEMAP_IO_TIFF_TIFF_READER_HPP_

#include <filesystem>
#include <memory>

#include "musclemap/pictures.hpp"

namespace musclemap::io {

/// As open_picture() for a file that begins like TIFF or BigTIFF.
std::unique_ptr<PictureReader> open_tiff(const std::filesystem::path& file);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_TIFF_TIFF_READER_HPP_
