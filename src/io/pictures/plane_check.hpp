// What every reader of pictures checks before it reads.
#ifndef MUSCLEMAP_IO_PICTURES_PLANE_CHECK_HPP_
#define MUSCLEMAP_IO_PICTURES_PLANE_CHECK_HPP_

#include <array>
#include <cstdint>

#include "musclemap/pictures.hpp"

namespace musclemap::io {

/// Error `argument` for a plane (T, C, Z) or rows that are not there, and for null memory.
void check_rows(const PictureInfo& info, const std::array<std::int64_t, 3>& plane, std::int64_t y_begin,
                std::int64_t y_count, const void* to);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_PICTURES_PLANE_CHECK_HPP_
