#include <cmath>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "quant/table/label_columns.hpp"
#include "quant/table/metrics_tables.hpp"

namespace musclemap::quant {
namespace {

// MuscleMap's fat fraction of a label with a NaN is NaN; an intensity's mean leaves such voxels out.
double figure(const MeanCounts& counts, ValueKind kind) {
  if (kind == ValueKind::intensity) return counts.mean();
  return counts.finite == counts.voxels ? counts.mean() * 100.0 : kNaN;
}

void add_figure(ValueKind kind, std::vector<double> values, ColumnList* columns) {
  Column& column =
      kind == ValueKind::intensity
          ? columns->real("mean_intensity", "Average Intensity", "", "Mean of the image under the label")
          : columns->real("fat_percent", "Fat (%)", "%", "100 times the mean Dixon fat fraction");
  column.values = std::move(values);
}

void warn_of_nonfinite(const LabelRow& row, const MeanCounts& counts, std::vector<Warning>* warnings) {
  if (counts.finite == counts.voxels) return;
  warnings->push_back({WarningCode::nonfinite, "label " + std::to_string(row.value) + ": " +
                                                   std::to_string(counts.voxels - counts.finite) + " of " +
                                                   std::to_string(counts.voxels) +
                                                   " voxels are NaN or infinite"});
}

// In muscle there is more water than fat, in a whole body too.
void warn_of_swapped(const std::map<std::int32_t, SliceMeans>& means, std::vector<Warning>* warnings) {
  MeanCounts all;
  for (const auto& entry : means) {
    for (const auto& [slice, counts] : entry.second.entries()) all += counts;
  }
  constexpr double kHalf = 0.5;
  if (!(all.mean() > kHalf)) return;
  constexpr double kShown = 1e3;
  warnings->push_back(
      {WarningCode::dixon_swapped, "the mean fat fraction of all labels is " +
                                       base::number_text(std::round(all.mean() * kShown) / kShown) +
                                       ": are the fat and the water image swapped?"});
}

MetricsTable slice_table(const std::vector<LabelRow>& rows, const TableScale& scale, ValueKind kind,
                         const std::map<std::int32_t, SliceMeans>& means) {
  std::vector<SliceKey> keys;
  std::vector<std::int64_t> voxels;
  std::vector<double> values;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (const auto& [slice, counts] : means.at(rows[r].value).entries()) {
      keys.push_back({r, slice});
      voxels.push_back(counts.voxels);
      values.push_back(figure(counts, kind));
    }
  }
  ColumnList columns;
  add_slice_columns(rows, keys, voxels, scale, &columns);
  add_figure(kind, std::move(values), &columns);
  return MetricsTable(columns.take());
}

}  // namespace

Metrics mean_tables(const std::map<std::int32_t, LabelShape>& shapes, const TableScale& scale, ValueKind kind,
                    const std::map<std::int32_t, SliceMeans>& means, const std::vector<Label>& names) {
  Metrics metrics;
  const std::vector<LabelRow> rows = label_rows(shapes, names, &metrics.warnings);
  std::vector<AreaOfLabel> areas;
  std::vector<double> figures;
  std::vector<double> volumes;
  std::vector<std::string> status;
  for (const LabelRow& row : rows) {
    MeanCounts total;
    AreaOfLabel area;
    for (const auto& [slice, counts] : means.at(row.value).entries()) {
      total += counts;
      area.add(slice, counts.voxels);
    }
    areas.push_back(area);
    figures.push_back(figure(total, kind));
    volumes.push_back(static_cast<double>(total.voxels) * scale.voxel_ml);
    const bool whole = total.finite == total.voxels;
    status.emplace_back(status_name(whole ? LabelStatus::ok : LabelStatus::nonfinite));
    warn_of_nonfinite(row, total, &metrics.warnings);
  }
  if (kind == ValueKind::fat_fraction) warn_of_swapped(means, &metrics.warnings);
  if (rows.empty()) {
    metrics.warnings.push_back(
        {WarningCode::empty_label_map, "no labels found: every voxel of the label map is 0"});
  }

  ColumnList columns;
  add_key_columns(rows, &columns);
  add_figure(kind, figures, &columns);
  columns.real("volume_ml", "Volume (ml)", "ml", "Voxels times the voxel's volume").values = volumes;
  add_shape_columns(rows, areas, scale, &columns);
  Column& state = columns.text("status", "Status", "ok, or what hinders the measurement");
  state.basic = false;
  state.texts = std::move(status);
  const std::vector<SidePair> pairs = side_pairs(rows);
  Column& volume = columns.real("volume_asymmetry_percent", "Volume asymmetry (%)", "%",
                                "100 * (left - right) / mean of left and right");
  volume.basic = false;
  volume.values = asymmetry(volumes, pairs, true);
  Column& difference = kind == ValueKind::intensity
                           ? columns.real("intensity_left_minus_right", "Intensity left - right", "",
                                          "Difference of the means")
                           : columns.real("fat_left_minus_right_points", "Fat left - right (points)", "%",
                                          "Difference of the percentages");
  difference.basic = false;
  difference.values = asymmetry(figures, pairs, false);

  metrics.labels = MetricsTable(columns.take());
  metrics.slices = slice_table(rows, scale, kind, means);
  return metrics;
}

}  // namespace musclemap::quant
