// What storing floats in an integer NIfTI does to them.
#ifndef MUSCLEMAP_IMAGE_REQUANTISE_HPP_
#define MUSCLEMAP_IMAGE_REQUANTISE_HPP_

#include <cstddef>
#include <string>

namespace musclemap::image {

/// Replaces each value by what is read back after NiBabel has written `values` as `dtype` ("int16", …) with a
/// slope and an intercept fitted to them (docs/chains/musclemap.md, section 6.1). Floating-point types change
/// nothing. Values must be finite. Error `argument` for an unknown type.
void requantise(float* values, std::size_t count, const std::string& dtype);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_REQUANTISE_HPP_
