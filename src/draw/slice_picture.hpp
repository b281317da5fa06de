// One slice of a volume as a small picture.
#ifndef MUSCLEMAP_DRAW_SLICE_PICTURE_HPP_
#define MUSCLEMAP_DRAW_SLICE_PICTURE_HPP_

#include <string>

#include "musclemap/volume.hpp"

namespace musclemap::draw {

/// The middle axial slice, true to the spacing, at most `size_px` wide and high, as the bytes of a PNG file;
/// the patient's right on the left, seen from the feet. Any dtype. Errors: `argument` (size_px not 16 to
/// 8000).
std::string middle_slice_png(const Volume& volume, int size_px);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_SLICE_PICTURE_HPP_
