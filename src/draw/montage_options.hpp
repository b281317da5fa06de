// Options of pictures, checked.
#ifndef MUSCLEMAP_DRAW_MONTAGE_OPTIONS_HPP_
#define MUSCLEMAP_DRAW_MONTAGE_OPTIONS_HPP_

#include "musclemap/picture.hpp"

namespace musclemap::draw {

/// Error `argument` for an option out of its range.
void check(const MontageOptions& options);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_MONTAGE_OPTIONS_HPP_
