// Options of a division into tissues.
#ifndef MUSCLEMAP_QUANT_TISSUE_OPTIONS_HPP_
#define MUSCLEMAP_QUANT_TISSUE_OPTIONS_HPP_

#include <string>

#include "base/option.hpp"
#include "musclemap/tissue.hpp"

namespace musclemap {

/// Error `argument` for bounds that are not finite and for a range that ends below its start.
void check_value(const IntensityRange& range, const base::Range& unused, const std::string& name);

namespace base {

template <>
struct Words<TissueMethod> {
  static constexpr WordList<TissueMethod, 3> kList{
      {{TissueMethod::kmeans, "kmeans"}, {TissueMethod::gmm, "gmm"}, {TissueMethod::hu, "hu"}}};
};

template <>
struct Words<TissueOperators> {
  static constexpr WordList<TissueOperators, 2> kList{
      {{TissueOperators::upstream, "upstream"}, {TissueOperators::consistent, "consistent"}}};
};

template <>
struct Words<MixtureStop> {
  static constexpr WordList<MixtureStop, 2> kList{
      {{MixtureStop::compat, "compat"}, {MixtureStop::converged, "converged"}}};
};

template <>
struct Options<TissueOptions> {
  using O = TissueOptions;
  static constexpr auto kList = std::make_tuple(
      option("method", &O::method, "clustering of intensities, or fixed windows of CT numbers"),
      option("components", &O::components, "clusters of kmeans and gmm", {2, 3}),
      option("operators", &O::operators,
             "how voxels at a threshold count: upstream (as MuscleMap) or consistent"),
      option("stop", &O::stop, "when gmm stops: compat (as MuscleMap) or converged"),
      option("collapse_guard", &O::collapse_guard,
             "pass over mixtures with a component on one grey value, which MuscleMap keeps"),
      option("muscle_range", &O::muscle_range, "hu: CT numbers of muscle"),
      option("fat_range", &O::fat_range, "hu: CT numbers of fat"),
      option("divide_bones", &O::divide_bones,
             "muscle and fat of bones too, not their volumes alone, in every table and picture"),
      option("geometry_tolerance", &O::geometry_tolerance,
             "most that corners of image and label map may lie apart, in voxels; above 0.001 with a warning",
             from(0)));
};

}  // namespace base
}  // namespace musclemap

#endif  // MUSCLEMAP_QUANT_TISSUE_OPTIONS_HPP_
