#include "quant/organs/organ_streams.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "base/progress.hpp"
#include "base/warnings.hpp"
#include "image/reordered.hpp"
#include "image/typed_view.hpp"
#include "image/volume_reader.hpp"
#include "musclemap/error.hpp"
#include "quant/aligned.hpp"
#include "quant/label_sweep.hpp"
#include "quant/organs/class_name.hpp"
#include "quant/organs/label_histograms.hpp"
#include "quant/organs/organ_votes.hpp"

namespace musclemap {
namespace quant {
namespace {

// Above this much brain the original looks for the vessels of the neck.
constexpr double kBrainMm3 = 100;
constexpr double kMm3PerMl = 1000;
constexpr int kMedianDecimals = 5;

/// What is known of one class after the sweep.
struct ClassIntensities {
  std::int64_t voxels = 0;
  MiddleValues middle;
};

struct Intensities {
  std::map<std::string, ClassIntensities> of_class;  // of the classes that the map names
  std::int16_t least = 0;
  std::int16_t largest = 0;
};

Intensities sweep_classes(SlabReader& image, const NamedLabelStream& map,
                          const std::vector<std::string>& wanted, const RunControl& control) {
  std::map<std::string, std::int32_t> values;
  std::vector<std::int32_t> labels;
  for (const std::string& name : wanted) {
    const std::optional<std::int32_t> value = value_of_class(map.names, name);
    if (!value) continue;
    values[name] = *value;
    labels.push_back(*value);
  }
  LabelHistograms histograms(labels);
  LabelSweep sweep(*map.map, {&image});
  sweep.run(Stage::measure, control, [&](const SweepSlab& slab) {
    histograms.add(slab);
    return SweepTasks{};
  });
  base::warn(control, sweep.warnings());
  Intensities result;
  result.least = histograms.least();
  result.largest = histograms.largest();
  for (const auto& [name, value] : values) {
    ClassIntensities& found = result.of_class[name];
    found.voxels = histograms.voxels(value);
    if (found.voxels > 0) found.middle = histograms.middle(value);
  }
  return result;
}

[[noreturn]] void refuse_names(const std::string& name, const char* task) {
  throw Error(ErrorCode::argument,
              "the label map names no class '" + name + "'; a map of the task " + task + " is needed");
}

}  // namespace

void PhaseFeatures::add(SlabReader& image, const NamedLabelStream& map, const RunControl& control) {
  std::vector<std::string> wanted = phase_organs();
  wanted.insert(wanted.end(), phase_neck_vessels().begin(), phase_neck_vessels().end());
  const double voxel_mm3 = image.geometry().voxel_ml() * kMm3PerMl;
  for (const auto& [name, found] : sweep_classes(image, map, wanted, control).of_class)
    organs_.emplace(name, Organ{found.middle.median(), static_cast<double>(found.voxels) * voxel_mm3});
}

const PhaseFeatures::Organ& PhaseFeatures::organ(const std::string& name, const char* task) const {
  const auto found = organs_.find(name);
  if (found == organs_.end()) refuse_names(name, task);
  return found->second;
}

bool PhaseFeatures::has_head() const { return organ("brain", "total").mm3 > kBrainMm3; }

ContrastPhase PhaseFeatures::phase() const {
  std::vector<double> medians;
  for (const std::string& name : phase_organs()) medians.push_back(organ(name, "total").median_hu);
  const bool head = has_head();
  const std::vector<std::string>& vessels = phase_neck_vessels();
  const bool neck_named = std::any_of(vessels.begin(), vessels.end(), [&](const std::string& name) {
    return organs_.find(name) != organs_.end();
  });
  for (const std::string& name : vessels)
    medians.push_back(head && neck_named ? organ(name, "headneck_bones_vessels").median_hu : 0.0);
  ContrastPhase result = phase_of_folds(phase_folds(medians));
  result.head_neck_missing = head && !neck_named;
  return result;
}

Modality image_modality_stream(SlabReader& image, const RunControl& control) {
  const std::int64_t slices = image.geometry().shape[2];
  double sum = 0;
  double squares = 0;
  double least = std::numeric_limits<double>::infinity();
  double largest = -least;
  double count = 0;
  for (std::int64_t k = 0; k < slices; ++k) {
    base::stop_if_cancelled(control);
    image::with_view(image.read(k, 1), [&](const auto& values) {
      for (std::int64_t j = 0; j < values.shape[1]; ++j) {
        for (std::int64_t i = 0; i < values.shape[0]; ++i) {
          const auto value = static_cast<double>(values(i, j, 0));
          sum += value;
          squares += value * value;
          // NaN, once seen, stays.
          least = value < least || std::isnan(value) ? value : least;
          largest = value > largest || std::isnan(value) ? value : largest;
          ++count;
        }
      }
    });
    base::report(control, Stage::measure, k + 1, slices);
  }
  const double mean = sum / count;
  const double variance = std::max(0.0, squares / count - mean * mean);
  return modality_of_folds(modality_folds({mean, std::sqrt(variance), least, largest}));
}

Modality normalised_modality_stream(SlabReader& image, const NamedLabelStream& map,
                                    const RunControl& control) {
  const Intensities found = sweep_classes(image, map, modality_organs(), control);
  const double range = static_cast<double>(found.largest) - found.least;
  const auto scaled = [&](std::int16_t value) { return (static_cast<double>(value) - found.least) / range; };
  std::vector<double> medians;
  for (const std::string& name : modality_organs()) {
    const auto of_class = found.of_class.find(name);
    if (of_class == found.of_class.end()) refuse_names(name, "total_mr");
    const ClassIntensities& organ = of_class->second;
    const double median = organ.voxels == 0 ? 0.0 : organ.middle.median(scaled);
    medians.push_back(rounded_decimals(median, kMedianDecimals));
  }
  return modality_of_folds(normalised_modality_folds(medians));
}

namespace {

/// A label map in memory along the axes of an image.
class AlignedMap {
 public:
  AlignedMap(const Volume& image, const NamedLabelMap& labels)
      : names_(labels.names), reader_(along_image(image, labels.map), "label map") {}
  NamedLabelStream stream() { return {&reader_, names_}; }

 private:
  static Volume along_image(const Volume& image, const Volume& labels) {
    image::check_voxels(image, "image");
    image::check_voxels(labels, "label map");
    const image::GridMatch match = labels_on(image.geometry(), labels.geometry(), kGeometryTolerance);
    return image::reordered(labels, match.to_reference);
  }

  const std::vector<Label>& names_;
  image::VolumeReader reader_;
};

}  // namespace
}  // namespace quant

ContrastPhase contrast_phase(const Volume& image, const std::vector<NamedLabelMap>& maps,
                             const RunControl& control) {
  image::VolumeReader reader(image, "image");
  quant::PhaseFeatures features;
  for (const NamedLabelMap& map : maps) {
    quant::AlignedMap aligned(image, map);
    features.add(reader, aligned.stream(), control);
  }
  return features.phase();
}

Modality image_modality(const Volume& image, const RunControl& control) {
  image::VolumeReader reader(image, "image");
  return quant::image_modality_stream(reader, control);
}

Modality normalised_modality(const Volume& image, const NamedLabelMap& map, const RunControl& control) {
  quant::AlignedMap aligned(image, map);
  image::VolumeReader reader(image, "image");
  return quant::normalised_modality_stream(reader, aligned.stream(), control);
}

}  // namespace musclemap
