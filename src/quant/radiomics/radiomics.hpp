// Shape and first-order features of a label as pyradiomics computes them: van Griethuysen et al.,
// Computational Radiomics System to Decode the Radiographic Phenotype, Cancer Research 77(21), 2017.
#ifndef MUSCLEMAP_QUANT_RADIOMICS_RADIOMICS_HPP_
#define MUSCLEMAP_QUANT_RADIOMICS_RADIOMICS_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "musclemap/run.hpp"
#include "musclemap/volume.hpp"
#include "quant/radiomics/region.hpp"

namespace musclemap::quant {

/// 14 features, in the order of radiomics_names().
std::vector<double> shape_features(const Region& region);

/// 18 features, in the order of radiomics_names(). Bins are 25 wide, from a multiple of 25;
/// where the image's integers cannot hold their end, it wraps as NumPy's does.
std::vector<double> first_order_features(const Region& region);

/// Names of the 32 features, "shape_Elongation" and so on.
const std::vector<std::string>& radiomics_names();

/// Names of the 75 texture features that TotalSegmentator writes, with the others and all 0, of a label for
/// which there are no features.
const std::vector<std::string>& radiomics_texture_names();

/// Of each of the labels: unrounded, in the order of radiomics_names(); empty where the label has no voxels
/// or all of the image, and where pyradiomics gives up (resampled_region()). Several labels at once on the
/// control's threads, which change no number. Error `cancelled`.
/// @param image any dtype
/// @param labels of an integer dtype on the image's grid and along its axes
std::vector<std::vector<double>> radiomics_values(const Volume& image, const Volume& labels,
                                                  const std::vector<std::int32_t>& values,
                                                  const RunControl& control = {});

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_RADIOMICS_RADIOMICS_HPP_
