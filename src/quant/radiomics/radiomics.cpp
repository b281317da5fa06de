#include "quant/radiomics/radiomics.hpp"

#include <optional>

#include "base/progress.hpp"
#include "image/reordered.hpp"
#include "image/typed_view.hpp"
#include "musclemap/organs.hpp"
#include "quant/aligned.hpp"
#include "quant/organs/organ_votes.hpp"

namespace musclemap::quant {
namespace {

std::vector<std::string> with_prefix(const std::string& prefix, const std::vector<std::string>& names) {
  std::vector<std::string> result;
  result.reserve(names.size());
  for (const std::string& name : names) result.push_back(prefix + name);
  return result;
}

void append(std::vector<std::string>* names, const std::string& prefix,
            const std::vector<std::string>& more) {
  const std::vector<std::string> added = with_prefix(prefix, more);
  names->insert(names->end(), added.begin(), added.end());
}

std::vector<std::string> feature_names() {
  std::vector<std::string> names;
  append(&names, "shape_",
         {"Elongation", "Flatness", "LeastAxisLength", "MajorAxisLength", "Maximum2DDiameterColumn",
          "Maximum2DDiameterRow", "Maximum2DDiameterSlice", "Maximum3DDiameter", "MeshVolume",
          "MinorAxisLength", "Sphericity", "SurfaceArea", "SurfaceVolumeRatio", "VoxelVolume"});
  append(&names, "firstorder_",
         {"10Percentile", "90Percentile", "Energy", "Entropy", "InterquartileRange", "Kurtosis", "Maximum",
          "MeanAbsoluteDeviation", "Mean", "Median", "Minimum", "Range", "RobustMeanAbsoluteDeviation",
          "RootMeanSquared", "Skewness", "TotalEnergy", "Uniformity", "Variance"});
  return names;
}

std::vector<std::string> texture_names() {
  std::vector<std::string> names;
  append(&names, "glcm_",
         {"Autocorrelation",
          "ClusterProminence",
          "ClusterShade",
          "ClusterTendency",
          "Contrast",
          "Correlation",
          "DifferenceAverage",
          "DifferenceEntropy",
          "DifferenceVariance",
          "Id",
          "Idm",
          "Idmn",
          "Idn",
          "Imc1",
          "Imc2",
          "InverseVariance",
          "JointAverage",
          "JointEnergy",
          "JointEntropy",
          "MCC",
          "MaximumProbability",
          "SumAverage",
          "SumEntropy",
          "SumSquares"});
  append(&names, "gldm_",
         {"DependenceEntropy", "DependenceNonUniformity", "DependenceNonUniformityNormalized",
          "DependenceVariance", "GrayLevelNonUniformity", "GrayLevelVariance", "HighGrayLevelEmphasis",
          "LargeDependenceEmphasis", "LargeDependenceHighGrayLevelEmphasis",
          "LargeDependenceLowGrayLevelEmphasis", "LowGrayLevelEmphasis", "SmallDependenceEmphasis",
          "SmallDependenceHighGrayLevelEmphasis", "SmallDependenceLowGrayLevelEmphasis"});
  append(&names, "glrlm_",
         {"GrayLevelNonUniformity", "GrayLevelNonUniformityNormalized", "GrayLevelVariance",
          "HighGrayLevelRunEmphasis", "LongRunEmphasis", "LongRunHighGrayLevelEmphasis",
          "LongRunLowGrayLevelEmphasis", "LowGrayLevelRunEmphasis", "RunEntropy", "RunLengthNonUniformity",
          "RunLengthNonUniformityNormalized", "RunPercentage", "RunVariance", "ShortRunEmphasis",
          "ShortRunHighGrayLevelEmphasis", "ShortRunLowGrayLevelEmphasis"});
  append(&names, "glszm_",
         {"GrayLevelNonUniformity", "GrayLevelNonUniformityNormalized", "GrayLevelVariance",
          "HighGrayLevelZoneEmphasis", "LargeAreaEmphasis", "LargeAreaHighGrayLevelEmphasis",
          "LargeAreaLowGrayLevelEmphasis", "LowGrayLevelZoneEmphasis", "SizeZoneNonUniformity",
          "SizeZoneNonUniformityNormalized", "SmallAreaEmphasis", "SmallAreaHighGrayLevelEmphasis",
          "SmallAreaLowGrayLevelEmphasis", "ZoneEntropy", "ZonePercentage", "ZoneVariance"});
  append(&names, "ngtdm_", {"Busyness", "Coarseness", "Complexity", "Contrast", "Strength"});
  return names;
}

}  // namespace

const std::vector<std::string>& radiomics_names() {
  static const std::vector<std::string> names = feature_names();
  return names;
}

const std::vector<std::string>& radiomics_texture_names() {
  static const std::vector<std::string> names = texture_names();
  return names;
}

std::vector<std::vector<double>> radiomics_values(const Volume& image, const Volume& labels,
                                                  const std::vector<std::int32_t>& values,
                                                  const RunControl& control) {
  const Index3& shape = labels.geometry().shape;
  const auto extents = label_extents(labels, {values.begin(), values.end()});
  std::vector<std::vector<double>> result(values.size());
  const auto one = [&](std::int64_t n) {
    const std::int32_t label = values[static_cast<std::size_t>(n)];
    const auto extent = extents.find(label);
    if (extent == extents.end() || extent->second.voxels == shape[0] * shape[1] * shape[2]) return;
    const std::optional<Region> region = resampled_region(image, labels, label, extent->second);
    if (!region) return;
    std::vector<double>& features = result[static_cast<std::size_t>(n)];
    features = shape_features(*region);
    const std::vector<double> first_order = first_order_features(*region);
    features.insert(features.end(), first_order.begin(), first_order.end());
  };
  base::parallel_for_reported(static_cast<std::int64_t>(values.size()), control, Stage::measure, one);
  return result;
}

}  // namespace musclemap::quant

namespace musclemap {
namespace {

std::vector<RadiomicsFeature> written_features(const std::vector<double>& values) {
  constexpr int kDecimals = 4;
  std::vector<RadiomicsFeature> features;
  const std::vector<std::string>& names = quant::radiomics_names();
  for (std::size_t n = 0; n < names.size(); ++n) {
    features.push_back({names[n], values.empty() ? 0 : quant::rounded_decimals(values[n], kDecimals)});
  }
  if (!values.empty()) return features;
  for (const std::string& name : quant::radiomics_texture_names()) features.push_back({name, 0});
  return features;
}

}  // namespace

std::vector<std::vector<RadiomicsFeature>> radiomics(const Volume& image, const Volume& labels,
                                                     const std::vector<std::int32_t>& values,
                                                     const RunControl& control) {
  image::check_voxels(image, "image");
  image::check_voxels(labels, "label map");
  const image::GridMatch match = quant::labels_on(image.geometry(), labels.geometry(), kGeometryTolerance);
  std::vector<std::vector<RadiomicsFeature>> result;
  for (const std::vector<double>& features :
       quant::radiomics_values(image, image::reordered(labels, match.to_reference), values, control)) {
    result.push_back(written_features(features));
  }
  return result;
}

}  // namespace musclemap
