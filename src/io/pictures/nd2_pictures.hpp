// ND2 files as pictures.
#ifndef MUSCLEMAP_IO_PICTURES_ND2_PICTURES_HPP_
#define MUSCLEMAP_IO_PICTURES_ND2_PICTURES_HPP_

#include <filesystem>
#include <memory>

#include "musclemap/pictures.hpp"

namespace musclemap::io {

/// As open_picture() for a file that looks_like_nd2(). Errors: those of Nd2Picture.
std::unique_ptr<PictureReader> open_nd2(const std::filesystem::path& file);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_PICTURES_ND2_PICTURES_HPP_
