#include "draw/tissue_classes.hpp"

#include "draw/number.hpp"

namespace musclemap::draw {
namespace {

std::string range_text(const IntensityRange& range) {
  return decimal(range.low, 0) + " to " + decimal(range.high, 0) + " HU";
}

}  // namespace

std::vector<ClassDefinition> class_definitions(const TissueOptions& options) {
  if (options.method == TissueMethod::hu) {
    return {{kMuscle, "muscle (code 1): " + range_text(options.muscle_range)},
            {kUndefined, "undefined (code 7): in neither range"},
            {kFat, "fat (code 4): " + range_text(options.fat_range)}};
  }
  // Who holds the voxels that lie exactly on the muscle threshold.
  const bool muscle_has = options.operators == TissueOperators::consistent;
  const std::string below = muscle_has ? "muscle (code 1): <= " : "muscle (code 1): < ";
  const std::string above = muscle_has ? "> " : ">= ";
  if (options.components == 2) {
    return {{kMuscle, below + "threshold"}, {kFat, "fat (code 4): " + above + "threshold"}};
  }
  return {{kMuscle, below + "muscle threshold"},
          {kUndefined, "undefined (code 7): between the thresholds"},
          {kFat, "fat (code 4): >= fat threshold"}};
}

bool has_undefined(const TissueOptions& options) noexcept {
  return options.method == TissueMethod::hu || options.components == 3;
}

std::string method_text(const TissueOptions& options) {
  const std::string parts = ", " + std::to_string(options.components) + " components";
  switch (options.method) {
    case TissueMethod::kmeans:
      return "k-means" + parts;
    case TissueMethod::gmm:
      return "Gaussian mixture" + parts;
    case TissueMethod::hu:
      break;
  }
  return "fixed ranges of CT numbers";
}

std::string status_text(LabelStatus status) {
  switch (status) {
    case LabelStatus::ok:
      return "";
    case LabelStatus::too_few_voxels:
      return "too few voxels";
    case LabelStatus::not_separable:
      return "not separable";
    case LabelStatus::nonfinite:
      return "NaN or infinity inside";
    case LabelStatus::collapsed:
      return "doubtful: collapsed onto one value";
    case LabelStatus::implausible:
      return "doubtful: threshold beyond a class";
    case LabelStatus::overlapping:
      return "doubtful: classes overlap";
    case LabelStatus::bone:
      return "bone";
  }
  return "unknown status";
}

}  // namespace musclemap::draw
