#include <optional>
#include <string>

#include "image/grid_check.hpp"
#include "image/volume_reader.hpp"
#include "musclemap/error.hpp"
#include "musclemap/metrics.hpp"
#include "quant/label_means.hpp"
#include "quant/label_shapes.hpp"
#include "quant/label_sweep.hpp"
#include "quant/measure_stream.hpp"
#include "quant/table/metrics_tables.hpp"
#include "quant/tissue_pass.hpp"

namespace musclemap {

Metrics measure(const TissueMap& tissue, const std::vector<Label>& names, const MeasureOptions& options) {
  const Geometry& geometry = tissue.labels().geometry();
  const quant::TableScale scale = quant::table_scale(geometry, options.stated);
  image::VolumeReader labels(tissue.labels());
  image::VolumeReader image(tissue.image());
  std::vector<SlabReader*> values{&image};
  std::optional<image::VolumeReader> mask;
  std::vector<quant::Exclusion> exclusions;
  if (tissue.excluded() != nullptr) {
    mask.emplace(*tissue.excluded());
    values.push_back(&*mask);
    exclusions.emplace_back();
  }
  quant::LabelShapes shapes(geometry.shape, scale.slice_axis);
  quant::TissuePass pass(tissue.fits(), tissue.options(), scale.slice_axis, scale.slices, exclusions);
  quant::LabelSweep(labels, values).run(Stage::measure, options.control, [&](const quant::SweepSlab& slab) {
    shapes.add(slab);
    pass.add(slab, {});
    return quant::SweepTasks{};
  });
  return quant::tissue_tables(shapes.of_label(), scale, tissue.fits(), tissue.options(), pass.counts(),
                              names);
}

Metrics measure_mean(const Volume& labels, const Volume& values, ValueKind kind,
                     const std::vector<Label>& names, const MeasureOptions& options) {
  image::check_same_grid(labels.geometry(), "label map", values.geometry(), "image");
  image::VolumeReader label_reader(labels);
  image::VolumeReader value_reader(values);
  return quant::measure_mean_stream(label_reader, value_reader, kind, names, options);
}

namespace quant {

Metrics measure_mean_stream(SlabReader& labels, SlabReader& values, ValueKind kind,
                            const std::vector<Label>& names, const MeasureOptions& options) {
  const Geometry geometry = labels.geometry();
  const TableScale scale = table_scale(geometry, options.stated);
  LabelShapes shapes(geometry.shape, scale.slice_axis);
  LabelMeans means(scale.slice_axis, scale.slices);
  LabelSweep(labels, {&values}).run(Stage::measure, options.control, [&](const SweepSlab& slab) {
    shapes.add(slab);
    means.add(slab);
    return SweepTasks{};
  });
  const auto& of_label = shapes.of_label();
  if (!of_label.empty() && of_label.begin()->first < 0) {
    throw Error(
        ErrorCode::format, Reason::labels,
        "label " + std::to_string(of_label.begin()->first) + " is negative; means need labels above 0");
  }
  return mean_tables(of_label, scale, kind, means.of_label(), names);
}

}  // namespace quant
}  // namespace musclemap
