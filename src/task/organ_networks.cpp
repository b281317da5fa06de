// Contrast phase and modality of images whose label maps are found on the way.
#include <filesystem>
#include <functional>
#include <memory>

#include "base/progress.hpp"
#include "base/warnings.hpp"
#include "image/volume_reader.hpp"
#include "musclemap/error.hpp"
#include "musclemap/nifti.hpp"
#include "musclemap/organs.hpp"
#include "musclemap/segmenter.hpp"
#include "quant/organs/organ_streams.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;

// A run beside the measuring of what it has found.
constexpr double kRun = 0.95;
constexpr double kMeasure = 1 - kRun;

std::unique_ptr<NiftiReader> open_first_volume(const fs::path& file, const RunControl& control) {
  NiftiReadOptions options;
  options.first_volume = true;
  std::unique_ptr<NiftiReader> reader = open_nifti(file, options);
  if (reader->info().shape.size() < 3)
    throw Error(ErrorCode::unsupported, Reason::unsupported, "the image has 2 axes, a volume has 3", file);
  base::warn(control, reader->info().warnings);
  return reader;
}

// Calls measure(image, labels, control) with both on the task's grid; where no network has run there, on the
// image's, on which no voxel is labelled then.
template <class Measure>
void run_on_own_grid(SlabReader& image, Segmenter& segmenter, const RunControl& control,
                     const Measure& measure) {
  const base::Steps steps(control, {kRun, kMeasure});
  const TaskGridLabels found = segmenter.run_with_grid({&image}, steps.step(0));
  if (found.grid_labels.empty()) {
    image::VolumeReader labels(found.labels, "label map");
    measure(image, quant::NamedLabelStream{&labels, segmenter.task().labels()}, steps.step(1));
    return;
  }
  image::VolumeReader on_grid(found.grid_image, "image");
  image::VolumeReader labels(found.grid_labels, "label map");
  measure(on_grid, quant::NamedLabelStream{&labels, segmenter.task().labels()}, steps.step(1));
}

}  // namespace

ContrastPhase contrast_phase(SlabReader& image, Segmenter& total,
                             const std::function<Segmenter*()>& head_neck, const RunControl& control) {
  const base::Steps steps(control, {kRun, kRun, kMeasure});
  quant::PhaseFeatures features;
  run_on_own_grid(image, total, steps.step(0),
                  [&](SlabReader& on_grid, const quant::NamedLabelStream& labels, const RunControl& own) {
                    features.add(on_grid, labels, own);
                  });
  Segmenter* neck = features.has_head() && head_neck ? head_neck() : nullptr;
  if (neck != nullptr) {
    const Volume found = neck->run(image, steps.step(1));
    image::VolumeReader labels(found, "label map");
    features.add(image, {&labels, neck->task().labels()}, steps.step(2));
  }
  base::report(control, Stage::measure, 1, 1);
  return features.phase();
}

ContrastPhase contrast_phase_file(const fs::path& image, Segmenter& total,
                                  const std::function<Segmenter*()>& head_neck, const RunControl& control) {
  return contrast_phase(*open_first_volume(image, control), total, head_neck, control);
}

Modality normalised_modality(SlabReader& image, Segmenter& total_mr, const RunControl& control) {
  Modality found;
  run_on_own_grid(image, total_mr, control,
                  [&](SlabReader& on_grid, const quant::NamedLabelStream& labels, const RunControl& own) {
                    found = quant::normalised_modality_stream(on_grid, labels, own);
                  });
  return found;
}

Modality normalised_modality_file(const fs::path& image, Segmenter& total_mr, const RunControl& control) {
  return normalised_modality(*open_first_volume(image, control), total_mr, control);
}

}  // namespace musclemap
