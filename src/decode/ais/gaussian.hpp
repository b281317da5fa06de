// A plane smoothed as vigra's gaussianSmoothing() does.
#ifndef MUSCLEMAP_DECODE_AIS_GAUSSIAN_HPP_
#define MUSCLEMAP_DECODE_AIS_GAUSSIAN_HPP_

#include <cstdint>
#include <vector>

#include "image/plane.hpp"

namespace musclemap::decode {

/// Smooths a plane (y, x) where it lies: along y, then along x, with weights exp(-k^2 / (2 sigma^2)), |k| <=
/// trunc(3 sigma + 0.5), that add up to 1; borders are mirrored without their pixel. Sums in f64, rounded to
/// f32 after each axis. docs/chains/cells.md#ais. Memory: another plane.
/// @param sigma in pixels, up to 1000; 0 or less: nothing is done
void smooth_gaussian(const image::PlaneShape& shape, double sigma, int threads, std::vector<float>* plane);

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_AIS_GAUSSIAN_HPP_
