#include <array>
#include <string>
#include <utility>

#include "base/label_list.hpp"
#include "quant/table/label_columns.hpp"
#include "quant/table/metrics_tables.hpp"

namespace musclemap::quant {
namespace {

// Figures of one label, or of one label in one slice.
struct Figures {
  double muscle_percent = kNaN;
  double undefined_percent = kNaN;
  double fat_percent = kNaN;
  double total_ml = kNaN;
  double muscle_ml = kNaN;
  double undefined_ml = kNaN;
  double fat_ml = kNaN;
  double mean = kNaN;
  double muscle_mean = kNaN;
};

// Each product and quotient in the order in which MuscleMap takes them.
double percent(std::int64_t part, std::int64_t whole) {
  return 100.0 * (static_cast<double>(part) / static_cast<double>(whole));
}

Figures figures_of(const TissueCounts& counts, const TissueFit& fit, bool two, double voxel_ml) {
  const auto ml = [voxel_ml](std::int64_t n) { return static_cast<double>(n) * voxel_ml; };
  Figures figures;
  figures.total_ml = ml(counts.voxels);
  if (counts.voxels > 0 && (fit.divided() || fit.status == LabelStatus::bone)) {
    figures.mean = counts.sum / static_cast<double>(counts.voxels);
  }
  if (!fit.divided()) return figures;
  figures.muscle_ml = ml(counts.muscle);
  figures.undefined_ml = ml(counts.undefined);
  figures.fat_ml = ml(counts.fat);
  if (counts.voxels == 0) return figures;
  figures.muscle_percent = percent(counts.muscle_share, counts.voxels);
  figures.undefined_percent = percent(counts.undefined_share, counts.voxels);
  figures.fat_percent = two ? 100 - figures.muscle_percent : percent(counts.fat, counts.voxels);
  if (counts.muscle > 0) figures.muscle_mean = counts.muscle_sum / static_cast<double>(counts.muscle);
  return figures;
}

class TissueTables {
 public:
  TissueTables(std::vector<LabelRow> rows, const TableScale& scale, const std::vector<TissueFit>& fits,
               const TissueOptions& options, const std::map<std::int32_t, SliceCounts>& counts)
      : rows_(std::move(rows)), scale_(scale), options_(options), counts_(counts) {
    std::map<std::int32_t, const TissueFit*> fit_of;
    for (const TissueFit& fit : fits) fit_of[fit.label] = &fit;
    for (const LabelRow& row : rows_) fits_.push_back(fit_of.at(row.value));
  }

  MetricsTable labels() const {
    std::vector<Figures> figures;
    std::vector<AreaOfLabel> areas;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      TissueCounts total;
      AreaOfLabel area;
      for (const auto& [slice, counts] : counts_.at(rows_[r].value).entries()) {
        total += counts;
        area.add(slice, counts.voxels);
      }
      figures.push_back(figures_of(total, *fits_[r], two(), scale_.voxel_ml));
      areas.push_back(area);
    }
    ColumnList columns;
    add_key_columns(rows_, &columns);
    add_composition(figures, &columns);
    add_shape_columns(rows_, areas, scale_, &columns);
    add_fits(figures, &columns);
    add_asymmetry(figures, &columns);
    return MetricsTable(columns.take());
  }

  MetricsTable slices() const {
    std::vector<SliceKey> keys;
    std::vector<std::int64_t> voxels;
    std::vector<Figures> figures;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      for (const auto& [slice, counts] : counts_.at(rows_[r].value).entries()) {
        if (counts.voxels == 0) continue;
        keys.push_back({r, slice});
        voxels.push_back(counts.voxels);
        figures.push_back(figures_of(counts, *fits_[r], two(), scale_.voxel_ml));
      }
    }
    ColumnList columns;
    add_slice_columns(rows_, keys, voxels, scale_, &columns);
    if (hu()) add(figures, &Figures::mean, columns.real("mean_hu", "Mean HU", "HU", kMeanText));
    add_percent(figures, &columns);
    if (!two()) add_undefined_percent(figures, &columns);
    return MetricsTable(columns.take());
  }

 private:
  static constexpr const char* kMeanText = "Mean CT number under the label";

  bool hu() const { return options_.method == TissueMethod::hu; }
  bool two() const { return !hu() && options_.components == 2; }

  static void add(const std::vector<Figures>& figures, double Figures::*figure, Column& column) {
    for (const Figures& one : figures) column.values.push_back(one.*figure);
  }

  static void add_percent(const std::vector<Figures>& figures, ColumnList* columns) {
    add(figures, &Figures::muscle_percent,
        columns->real("muscle_percent", "Muscle (%)", "%", "Share of the label that is muscle"));
    add(figures, &Figures::fat_percent,
        columns->real("fat_percent", "Fat (%)", "%", "Share of the label that is fat"));
  }

  static void add_undefined_percent(const std::vector<Figures>& figures, ColumnList* columns) {
    add(figures, &Figures::undefined_percent,
        columns->real("undefined_percent", "Undefined (%)", "%", "Share of the label that is neither"));
  }

  // MuscleMap's order.
  void add_composition(const std::vector<Figures>& figures, ColumnList* columns) const {
    if (hu()) add(figures, &Figures::mean, columns->real("mean_hu", "Mean HU", "HU", kMeanText));
    add_percent(figures, columns);
    add(figures, &Figures::total_ml,
        columns->real("total_volume_ml", "Total volume (ml)", "ml", "Voxels times the voxel's volume"));
    add(figures, &Figures::fat_ml, columns->real("fat_volume_ml", "Fat volume (ml)", "ml", "Volume of fat"));
    add(figures, &Figures::muscle_ml,
        columns->real("muscle_volume_ml", "Muscle volume (ml)", "ml", "Volume of muscle"));
    if (two()) return;
    add_undefined_percent(figures, columns);
    add(figures, &Figures::undefined_ml,
        columns->real("undefined_volume_ml", "Undefined volume (ml)", "ml", "Volume that is neither"));
  }

  template <class Value>
  void add_of_fit(Column& column, const Value& value) const {
    column.basic = false;
    for (const TissueFit* fit : fits_) column.values.push_back(value(*fit));
  }

  void add_fits(const std::vector<Figures>& figures, ColumnList* columns) const {
    Column& status = columns->text("status", "Status", "ok, or what hinders the measurement");
    status.basic = false;
    for (const TissueFit* fit : fits_) status.texts.emplace_back(status_name(fit->status));
    if (hu()) {
      Column& density = columns->real("muscle_mean_hu", "Muscle mean HU", "HU",
                                      "Mean CT number of the muscle voxels (muscle density)");
      add(figures, &Figures::muscle_mean, density);
      density.basic = false;
      return;
    }
    add_thresholds(columns);
    add_components(columns);
    if (options_.method == TissueMethod::gmm) add_mixture(columns);
  }

  void add_thresholds(ColumnList* columns) const {
    Column& muscle = columns->real("muscle_max", "Muscle threshold", "", "Largest intensity of muscle");
    muscle.decimals = kExact;
    add_of_fit(muscle, [](const TissueFit& fit) { return fit.muscle_max; });
    if (two()) return;
    Column& fat = columns->real("fat_min", "Fat threshold", "", "Smallest intensity of fat");
    fat.decimals = kExact;
    add_of_fit(fat, [](const TissueFit& fit) { return fit.fat_min; });
  }

  void add_components(ColumnList* columns) const {
    struct Name {
      const char* name;
      const char* title;
      const char* description;
    };
    static constexpr std::array<Name, 3> kNames{
        Name{"muscle_mean", "Muscle mean", "Mean intensity of the muscle component"},
        Name{"undefined_mean", "Undefined mean", "Mean intensity of the component between"},
        Name{"fat_mean", "Fat mean", "Mean intensity of the fat component"}};
    for (std::size_t n = 0; n < kNames.size(); ++n) {
      if (two() && n == 1) continue;
      const std::size_t component = two() && n == 2 ? 1 : n;
      add_of_fit(columns->real(kNames[n].name, kNames[n].title, "", kNames[n].description),
                 [component](const TissueFit& fit) {
                   return component < fit.components.size() ? fit.components[component].mean : kNaN;
                 });
    }
  }

  void add_mixture(ColumnList* columns) const {
    Column& bound = columns->real("log_likelihood", "Log-likelihood", "",
                                  "Mean log-likelihood per voxel at which the fit stopped");
    bound.decimals = kExact;
    add_of_fit(bound, [](const TissueFit& fit) { return fit.objective; });
    add_of_fit(columns->integer("iterations", "Iterations", "", "Steps of the fit"),
               [](const TissueFit& fit) { return static_cast<double>(fit.iterations); });
    add_of_fit(columns->integer("stable", "Stable", "",
                                "0 where another start fits as well and moves a percentage by over 2 points"),
               [](const TissueFit& fit) { return fit.stable ? 1.0 : 0.0; });
  }

  void add_asymmetry(const std::vector<Figures>& figures, ColumnList* columns) const {
    std::vector<double> volumes;
    std::vector<double> fat;
    for (const Figures& one : figures) {
      volumes.push_back(one.total_ml);
      fat.push_back(one.fat_percent);
    }
    const std::vector<SidePair> pairs = side_pairs(rows_);
    Column& volume = columns->real("volume_asymmetry_percent", "Volume asymmetry (%)", "%",
                                   "100 * (left - right) / mean of left and right");
    volume.values = asymmetry(volumes, pairs, true);
    volume.basic = false;
    Column& points = columns->real("fat_left_minus_right_points", "Fat left - right (points)", "%",
                                   "Difference of the percentages");
    points.values = asymmetry(fat, pairs, false);
    points.basic = false;
  }

  static constexpr int kExact = -1;

  std::vector<LabelRow> rows_;
  const TableScale& scale_;
  const TissueOptions& options_;
  const std::map<std::int32_t, SliceCounts>& counts_;
  std::vector<const TissueFit*> fits_;
};

struct Remark {
  LabelStatus status;
  WarningCode code;
  const char* text;
};

constexpr std::array kRemarks{
    Remark{LabelStatus::too_few_voxels, WarningCode::label_not_divided,
           "fewer voxels than components, not divided"},
    Remark{LabelStatus::not_separable, WarningCode::label_not_divided,
           "too few distinct intensities to be divided"},
    Remark{LabelStatus::nonfinite, WarningCode::label_not_divided, "NaN or infinity inside, not divided"},
    Remark{LabelStatus::collapsed, WarningCode::label_not_divided,
           "every mixture has shrunk onto one grey value; the figures mean little"},
    Remark{LabelStatus::implausible, WarningCode::classes_overlap,
           "a threshold lies beyond the mean of a class that it should bound; the figures mean little"},
    Remark{LabelStatus::overlapping, WarningCode::classes_overlap,
           "the classes lie over each other, as where there is one tissue; the figures mean little"}};

// Labels of which the same is to be said get one remark.
void warn_of_fits(const std::vector<TissueFit>& fits, std::vector<Warning>* warnings) {
  for (const Remark& remark : kRemarks) {
    std::vector<std::int32_t> labels;
    for (const TissueFit& fit : fits) {
      if (fit.status == remark.status) labels.push_back(fit.label);
    }
    if (!labels.empty()) warnings->push_back({remark.code, base::label_list(labels) + ": " + remark.text});
  }
}

}  // namespace

Metrics tissue_tables(const std::map<std::int32_t, LabelShape>& shapes, const TableScale& scale,
                      const std::vector<TissueFit>& fits, const TissueOptions& options,
                      const std::map<std::int32_t, SliceCounts>& counts, const std::vector<Label>& names) {
  Metrics metrics;
  const TissueTables tables(label_rows(shapes, names, &metrics.warnings), scale, fits, options, counts);
  warn_of_fits(fits, &metrics.warnings);
  metrics.labels = tables.labels();
  metrics.slices = tables.slices();
  return metrics;
}

}  // namespace musclemap::quant
