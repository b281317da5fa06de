#include <cmath>
#include <string>
#include <utility>

#include "base/warnings.hpp"
#include "image/volume_reader.hpp"
#include "musclemap/error.hpp"
#include "musclemap/tissue.hpp"
#include "quant/aligned.hpp"
#include "quant/label_intensities.hpp"
#include "quant/label_sweep.hpp"
#include "quant/tissue_map_state.hpp"

namespace musclemap {
namespace {

// A host may make enumerators of any number.
template <class Choice>
void check_number(Choice given, Choice first, Choice last, const char* what) {
  if (given >= first && given <= last) return;
  throw Error(ErrorCode::argument, std::string("tissue ") + what + " is " +
                                       std::to_string(static_cast<int>(given)) + "; " +
                                       std::to_string(static_cast<int>(first)) + " to " +
                                       std::to_string(static_cast<int>(last)) + " are allowed");
}

void check_range(const IntensityRange& range, const char* name) {
  if (range.low <= range.high && std::isfinite(range.low) && std::isfinite(range.high)) return;
  throw Error(ErrorCode::argument, std::string("the ") + name + " range runs from " +
                                       std::to_string(range.low) + " to " + std::to_string(range.high) +
                                       "; its start may not lie above its end");
}

}  // namespace

TissueClassifier::TissueClassifier(TissueOptions options) : options_(options) {
  if (options_.components != 2 && options_.components != 3) {
    throw Error(ErrorCode::argument,
                std::to_string(options_.components) + " components, allowed are 2 and 3");
  }
  check_number(options_.method, TissueMethod::kmeans, TissueMethod::hu, "method");
  check_number(options_.operators, TissueOperators::upstream, TissueOperators::consistent, "operators");
  check_number(options_.stop, MixtureStop::compat, MixtureStop::converged, "stop");
  check_range(options_.muscle_range, "muscle");
  check_range(options_.fat_range, "fat");
}

std::vector<TissueFit> TissueClassifier::fit(SlabReader& image, SlabReader& labels,
                                             const RunControl& control) const {
  const image::GridMatch match =
      quant::labels_on(image.geometry(), labels.geometry(), options_.geometry_tolerance);
  base::warn(control, match.warnings);
  image::check_held_memory(image::held_bytes(labels.geometry().shape, labels.dtype(), match.to_reference),
                           control);
  image::ReorderedReader aligned(labels, match.to_reference);
  quant::LabelIntensities intensities;
  quant::LabelSweep sweep(aligned, {&image});
  sweep.run(Stage::classify, control, [&](const quant::SweepSlab& slab) {
    intensities.add(slab);
    return quant::SweepTasks{};
  });
  std::vector<Warning> warnings = sweep.warnings();
  std::vector<TissueFit> fits = intensities.fit(options_, control, &warnings);
  base::warn(control, warnings);
  if (fits.empty()) {
    throw Error(ErrorCode::format, Reason::labels, "no labels found: every voxel is 0");
  }
  return fits;
}

TissueMap TissueClassifier::classify(const Volume& image, const Volume& labels,
                                     const RunControl& control) const {
  image::VolumeReader image_reader(image);
  image::VolumeReader label_reader(labels);
  std::vector<TissueFit> fits = fit(image_reader, label_reader, control);
  TissueMap map(std::make_unique<TissueMap::State>(
      TissueMap::State{options_, std::move(fits), image, labels, std::nullopt, labels, labels}));
  map.recompute(control);
  return map;
}

}  // namespace musclemap
