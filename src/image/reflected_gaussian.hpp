// Gaussians as scipy.ndimage computes them: four sigmas wide, borders mirrored with their value repeated.
#ifndef MUSCLEMAP_IMAGE_REFLECTED_GAUSSIAN_HPP_
#define MUSCLEMAP_IMAGE_REFLECTED_GAUSSIAN_HPP_

#include <cstdint>
#include <vector>

#include "image/float_volume.hpp"

namespace musclemap::image {

/// One line smoothed, like gaussian_filter1d(mode="reflect"): sums in double precision, each rounded to
/// single.
/// @param sigma above 0
class ReflectedGaussian {
 public:
  explicit ReflectedGaussian(double sigma);
  std::vector<float> smoothed(const std::vector<float>& line) const;

 private:
  std::vector<double> weights_;  // of the middle and those behind it
};

/// Smooths along z, then y, then x where the values lie, like gaussian_filter(). Nothing for a sigma of 0.
/// @param sigma in voxels
void smooth_volume(double sigma, int threads, FloatVolume* volume);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_REFLECTED_GAUSSIAN_HPP_
