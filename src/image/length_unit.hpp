// Units of length that files and other libraries state.
#ifndef MUSCLEMAP_IMAGE_LENGTH_UNIT_HPP_
#define MUSCLEMAP_IMAGE_LENGTH_UNIT_HPP_

#include <string>

namespace musclemap::image {

/// Of "mm", "metre", "micron"; "unknown" counts as mm. Error `argument` for another.
double millimetres_per(const std::string& unit);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LENGTH_UNIT_HPP_
