// Smoothing and sharpening in front of a normalisation of Cellpose 3 (docs/chains/cells.md#intensities).
#ifndef MUSCLEMAP_IMAGE_CONTRAST_SHARPEN_HPP_
#define MUSCLEMAP_IMAGE_CONTRAST_SHARPEN_HPP_

#include "image/float_plane.hpp"

namespace musclemap::image {

/// Correlates the plane, whose opposite edges meet, with K = G(smooth) - G(sharpen), with G(smooth) where
/// `sharpen` is 0, or with -G(sharpen) whose middle element is 1 where `smooth` is 0; nothing where both are.
/// G(sigma) is exp(-(y^2 + x^2) / (2 sigma^2)) over as many values as the plane has of -h/2 to h/2 + 1 along
/// both axes, h being the height, divided by its sum. Sums are in double precision.
void sharpen(double smooth_radius, double sharpen_radius, FloatPlane* plane, int threads);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_CONTRAST_SHARPEN_HPP_
