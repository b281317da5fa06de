#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/checked.hpp"
#include "base/warnings.hpp"
#include "base/whole_bones.hpp"
#include "image/typed_view.hpp"
#include "image/volume_reader.hpp"
#include "musclemap/error.hpp"
#include "musclemap/metrics.hpp"
#include "quant/aligned.hpp"
#include "quant/fat_fraction.hpp"
#include "quant/label_means.hpp"
#include "quant/label_shapes.hpp"
#include "quant/label_sweep.hpp"
#include "quant/measure_stream.hpp"
#include "quant/plausibility.hpp"
#include "quant/table/metrics_tables.hpp"
#include "quant/table/table_options.hpp"
#include "quant/tissue_map_readers.hpp"
#include "quant/tissue_pass.hpp"

namespace musclemap {
namespace {

void check(const std::optional<StatedVoxelSize>& stated) {
  if (!stated) return;
  const Spacing& spacing = stated->spacing_mm;
  const bool lengths = std::all_of(spacing.begin(), spacing.end(), [](double length) { return length > 0; });
  if (lengths && stated->voxel_ml > 0) return;
  throw Error(ErrorCode::argument, "the stated voxel size has a length or volume that is not above 0");
}

// What a caller of C++ hears; files say more of themselves (extract_metrics()).
void tell(Metrics* metrics, const Geometry& geometry, const MeasureOptions& options) {
  if (!geometry.spacing_known && !options.stated) {
    metrics->warnings.push_back(
        {WarningCode::no_spacing,
         "the label map has no voxel size; a voxel counts as a cube of 1 mm, so lengths, areas and volumes "
         "are in voxels"});
  }
  base::warn(options.control, metrics->warnings);
}

}  // namespace

Metrics measure(const TissueMap& tissue, const std::vector<Label>& names, const MeasureOptions& options) {
  check(options.stated);
  const std::vector<TissueFit> fits =
      base::whole_bones(tissue.fits(), names, tissue.options().divide_bones.value_or(false));
  quant::TissueMapReaders readers(tissue);
  const Geometry geometry = readers.geometry();
  const quant::TableScale scale =
      quant::table_scale(geometry, quant::reordered(options.stated, readers.axes()), options.section_axis);
  quant::LabelShapes shapes(geometry.shape, scale.slice_axis, scale.section_axis);
  quant::TissuePass pass(fits, tissue.options(), scale.section_axis, readers.exclusions());
  readers.sweep().run(Stage::measure, options.control, [&](const quant::SweepSlab& slab) {
    shapes.add(slab);
    pass.add(slab, {});
    return quant::SweepTasks{};
  });
  Metrics metrics =
      quant::tissue_tables(shapes.of_label(), scale, fits, tissue.options(), pass.counts(), names);
  tell(&metrics, geometry, options);
  return metrics;
}

Metrics measure_mean(const Volume& labels, const Volume& values, ValueKind kind,
                     const std::vector<Label>& names, const MeasureOptions& options) {
  check(options.stated);
  const image::GridMatch match =
      quant::labels_on(values.geometry(), labels.geometry(), options.geometry_tolerance);
  image::VolumeReader label_reader(image::reordered(labels, match.to_reference));
  image::VolumeReader value_reader(values);
  const quant::TableScale scale = quant::table_scale(
      label_reader.geometry(), quant::reordered(options.stated, match.to_reference), options.section_axis);
  Metrics metrics =
      quant::measure_mean_stream(label_reader, {kind, &value_reader}, names, scale, options.control);
  metrics.warnings.insert(metrics.warnings.begin(), match.warnings.begin(), match.warnings.end());
  tell(&metrics, labels.geometry(), options);
  return metrics;
}

namespace quant {
namespace {

// Labelled voxels of a slab with neither fat nor water.
std::int64_t without_signal(const SweepSlab& pair) {
  std::int64_t count = 0;
  image::with_view(pair.values[0], [&](const auto& fat) {
    image::with_view(pair.values[1], [&](const auto& water) {
      constexpr int kRowsWhole = 2;
      for_each_stretch(pair, kRowsWhole, [&](const Stretch& at) {
        for (std::int64_t i = at.begin; i < at.end; ++i) {
          count += fat(i, at.j, at.k) == 0 && water(i, at.j, at.k) == 0 ? 1 : 0;
        }
      });
    });
  });
  return count;
}

}  // namespace

Metrics measure_mean_stream(SlabReader& labels, const MeanSource& source, const std::vector<Label>& names,
                            const TableScale& scale, const RunControl& control) {
  base::check_value(source.kind, {}, "kind");
  LabelShapes shapes(labels.geometry().shape, scale.slice_axis, scale.section_axis);
  LabelMeans means(scale.section_axis);
  std::vector<SlabReader*> readers{source.values};
  if (source.water != nullptr) readers.push_back(source.water);
  std::int64_t silent = 0;
  std::vector<image::ValueSurvey> surveys(readers.size());
  LabelSweep sweep(labels, readers);
  sweep.run(Stage::measure, control, [&](const SweepSlab& slab) {
    shapes.add(slab);
    for (std::size_t n = 0; n < surveys.size(); ++n) surveys[n].add(slab.values[n]);
    if (source.water == nullptr) {
      means.add(slab);
    } else {
      silent += without_signal(slab);
      means.add({slab.k_begin, slab.labels, {fat_fraction_slab(slab.values[0], slab.values[1])}});
    }
    return SweepTasks{};
  });
  const auto& of_label = shapes.of_label();
  const std::optional<Warning> swapped = image::doubt_of_places(surveys[0], shapes.counts());
  if (!of_label.empty() && of_label.begin()->first < 0) {
    throw Error(ErrorCode::format, Reason::labels,
                "label " + std::to_string(of_label.begin()->first) +
                    " is negative; means need labels above 0" +
                    (swapped ? "; are image and label map exchanged?" : ""));
  }
  Metrics metrics = mean_tables(of_label, scale, source.kind, means.of_label(), names);
  if (swapped) metrics.warnings.push_back(*swapped);
  constexpr const char* kDixon[] = {"fat image", "water image"};
  for (std::size_t n = 0; n < surveys.size(); ++n) {
    warn_of_blank(surveys[n], source.water == nullptr ? "image" : kDixon[n], &metrics.warnings);
  }
  metrics.warnings.insert(metrics.warnings.begin(), sweep.warnings().begin(), sweep.warnings().end());
  if (silent > 0) {
    metrics.warnings.push_back(
        {WarningCode::dixon_no_signal,
         std::to_string(silent) +
             " labelled voxels have neither fat nor water; their fat fraction counts as 0"});
  }
  return metrics;
}

}  // namespace quant
}  // namespace musclemap
