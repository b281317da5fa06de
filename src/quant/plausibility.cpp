#include "quant/plausibility.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

#include "base/text.hpp"

namespace musclemap::quant {
namespace {

// From fat to muscle: the windows of hu and what lies between them.
constexpr double kSoftLowHu = -190;
constexpr double kSoftHighHu = 150;
// Organs with contrast agent stay below, and so does a bone's mean with its marrow.
constexpr double kDenseHu = 600;

// Every CT of a body shows fat inside it or air around it: far more than one voxel in a thousand lies below
// fat's upper end. An MR image has none there, but for the undershoots of a resampling.
constexpr double kLeastDarkPart = 1e-3;
// As much air as a few voxels beside the skin.
constexpr double kLeastAirPart = 1e-3;
// A CT that is cut inside the body: fat is there, and bone or contrast agent.
constexpr double kLeastFatPart = 1e-2;
constexpr double kBoneHu = 200;
constexpr double kHalf = 0.5;

double part(std::int64_t some, std::int64_t all) {
  return all == 0 ? 0 : static_cast<double>(some) / static_cast<double>(all);
}

// Air around a body or fat inside it, and labels that lie in soft tissue.
bool looks_like_ct(const image::ValueSurvey& survey, const LabelledHu& labelled) {
  if (part(labelled.soft, labelled.voxels) < kHalf) return false;
  if (part(survey.below_air(), survey.nonzero()) >= kLeastAirPart) return true;
  return part(survey.below_fat(), survey.nonzero()) >= kLeastFatPart && survey.most() >= kBoneHu;
}

std::string doubt_of_hu(const image::ValueSurvey& survey, const LabelledHu& labelled) {
  if (part(labelled.dense, labelled.voxels) > kHalf) {
    return "most labelled voxels lie above " + base::number_text(kDenseHu) +
           ", where CT has only dense bone: is the offset of -1024 missing, or is it no CT?";
  }
  if (part(survey.below_fat(), survey.nonzero()) < kLeastDarkPart) {
    return "hardly a voxel lies below " + base::number_text(image::ValueSurvey::kFatHu) +
           ", where CT has fat and air: the image does not look like CT";
  }
  return {};
}

}  // namespace

void LabelledHu::add(const DistinctValues& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = values.value[i];
    voxels += values.count[i];
    if (x > kDenseHu) dense += values.count[i];
    if (kSoftLowHu <= x && x <= kSoftHighHu) soft += values.count[i];
  }
}

void warn_of_blank(const image::ValueSurvey& survey, const char* what, std::vector<Warning>* warnings) {
  const std::optional<double> value = survey.only_value();
  if (!value) return;
  warnings->push_back({WarningCode::blank_image,
                       "every voxel of the " + std::string(what) + " is " + base::number_text(*value)});
}

void warn_of_method(TissueMethod method, const image::ValueSurvey& survey, const LabelledHu& labelled,
                    std::vector<Warning>* warnings) {
  if (labelled.voxels == 0 || survey.only_value()) return;
  if (method == TissueMethod::hu) {
    const std::string doubt = doubt_of_hu(survey, labelled);
    if (!doubt.empty()) warnings->push_back({WarningCode::not_hu, "hu needs CT numbers: " + doubt});
  } else if (looks_like_ct(survey, labelled)) {
    warnings->push_back(
        {WarningCode::clustering_on_ct,
         "the image looks like CT, where fat is darker than muscle; clustering takes the dark class "
         "as muscle: use the method hu"});
  }
}

}  // namespace musclemap::quant
