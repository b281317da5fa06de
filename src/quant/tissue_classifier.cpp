#include <utility>

#include "base/progress.hpp"
#include "base/warnings.hpp"
#include "image/volume_reader.hpp"
#include "musclemap/error.hpp"
#include "musclemap/tissue.hpp"
#include "quant/aligned.hpp"
#include "quant/label_intensities.hpp"
#include "quant/label_sweep.hpp"
#include "quant/tissue_map_state.hpp"
#include "quant/tissue_options.hpp"

namespace musclemap {

TissueClassifier::TissueClassifier(TissueOptions options) : options_(options) {
  base::check_options(options_);
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
  const base::Steps steps(control, {base::stage_weight(Stage::read), base::stage_weight(Stage::classify)});
  quant::LabelSweep sweep(aligned, {&image});
  sweep.run(Stage::classify, steps.step(0), [&](const quant::SweepSlab& slab) {
    intensities.add(slab);
    return quant::SweepTasks{};
  });
  std::vector<Warning> warnings = sweep.warnings();
  std::vector<TissueFit> fits = intensities.fit(options_, steps.step(1), &warnings);
  base::warn(control, warnings);
  if (fits.empty()) {
    throw Error(ErrorCode::format, Reason::labels, "no labels found: every voxel is 0");
  }
  return fits;
}

TissueMap TissueClassifier::classify(const Volume& image, const Volume& labels,
                                     const RunControl& control) const {
  image::VolumeReader image_reader(image, "image");
  image::VolumeReader label_reader(labels, "label map");
  const double passes = base::stage_weight(Stage::read);
  const base::Steps steps(control, {passes + base::stage_weight(Stage::classify), passes});
  std::vector<TissueFit> fits = fit(image_reader, label_reader, steps.step(0));
  TissueMap map(std::make_unique<TissueMap::State>(
      TissueMap::State{options_, std::move(fits), image, labels, std::nullopt, labels, labels}));
  map.recompute(steps.step(1));
  return map;
}

}  // namespace musclemap
