// Numbers of a label map, as tables.
#ifndef MUSCLEMAP_METRICS_HPP_
#define MUSCLEMAP_METRICS_HPP_

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "musclemap/export.hpp"
#include "musclemap/labels.hpp"
#include "musclemap/run.hpp"
#include "musclemap/tissue.hpp"
#include "musclemap/volume.hpp"

namespace musclemap {

/// How a table is written.
enum class TableFormat : std::int32_t {
  csv = 1,  ///< RFC 4180, "\n" line ends, missing values empty; MuscleMap's number format
  tsv,      ///< BIDS: tabs, missing values "n/a"
  json,     ///< one object: "columns" (name, title, unit, description) and "rows"; missing values null
};

struct TableWriteOptions {
  TableFormat format = TableFormat::csv;
  /// Names of columns (identifiers or titles, any case) in the order to write; empty: the basic columns, or
  /// all of them.
  std::vector<std::string> columns;
  bool all_columns = false;
  /// Text cells that a spreadsheet would run (first character = + - @ tab or carriage return) get a leading
  /// apostrophe. Numbers are never changed.
  bool neutralise_formulas = true;
};

/// Rows and columns of one kind of thing. Immutable.
class MUSCLEMAP_API MetricsTable {
 public:
  enum class Kind : std::int32_t { integer = 1, real, text };
  struct Column {
    std::string name;         ///< identifier, such as "fat_percent"
    std::string title;        ///< heading, such as "Fat (%)"
    std::string unit;         ///< "%", "ml", "mm2", …; empty for none
    std::string description;  ///< one sentence
    Kind kind = Kind::real;
    int decimals = 2;                ///< real: written rounded to this many; -1: shortest exact text
    bool basic = true;               ///< written by default
    std::vector<double> values;      ///< one per row; NaN: not measurable. Empty for text
    std::vector<std::string> texts;  ///< one per row; empty for numbers
  };

  MetricsTable() = default;
  /// Error `argument` for two columns of one name and for columns of different lengths.
  explicit MetricsTable(std::vector<Column> columns);

  std::int64_t row_count() const noexcept { return rows_; }
  const std::vector<Column>& columns() const noexcept { return columns_; }
  /// By identifier or title, any case. Error `argument`, which lists what there is.
  const Column& column(const std::string& name) const;
  /// The same bytes in every locale. Error `argument` for an unknown column.
  void write(std::ostream& out, const TableWriteOptions& options = {}) const;
  /// BIDS data dictionary of the columns that those options write: a JSON object.
  std::string dictionary(const TableWriteOptions& options = {}) const;

 private:
  std::vector<Column> columns_;
  std::int64_t rows_ = 0;
};

/// A row per label and a row per label and slice.
struct Metrics {
  MetricsTable labels;
  MetricsTable slices;
  std::vector<std::string> warnings;  ///< one line each
};

/// What the values under a label are.
enum class ValueKind : std::int32_t { intensity = 1, fat_fraction };

/// Voxel size that a file states beside its affine. MuscleMap's volumes and slice axis rest on it.
struct StatedVoxelSize {
  Spacing spacing_mm;
  double voxel_ml;
};

struct MeasureOptions {
  /// Unset: from the affine.
  std::optional<StatedVoxelSize> stated;
  RunControl control;
};

/// Composition of every label: columns of MuscleMap's kmeans and gmm tables (hu: also the mean intensity),
/// then, not `basic`, voxels, area, parts, border, status, thresholds, components, asymmetry. Rows ascend by
/// label. Slices are counted along the axis of the largest spacing, the third where they are equal to 1 %
/// (section 4).
MUSCLEMAP_API Metrics measure(const TissueMap& tissue, const std::vector<Label>& names,
                              const MeasureOptions& options = {});

/// Mean of `values` under every label: "Average Intensity", or "Fat (%)" for a fat fraction (100 * mean).
/// A label map without a label gives a table without rows. Values that are not finite are left out of an
/// intensity's mean, and make that of a fat fraction NaN; either way the label's status says so. Errors:
/// `geometry`, `format` reason `labels` (fractional or negative labels).
MUSCLEMAP_API Metrics measure_mean(const Volume& labels, const Volume& values, ValueKind kind,
                                   const std::vector<Label>& names, const MeasureOptions& options = {});

/// Edits of one muscle, right and left, as MuscleMap's quality-control window returns them.
struct TissueEdit {
  double muscle_max_shift = 0;  ///< added to muscle_max
  double fat_min_shift = 0;     ///< added to fat_min
  std::filesystem::path erase;  ///< NIfTI mask on the labels' grid, not 0: taken out; empty: none
};

/// Edits by anatomy group: the anatomy without its side, any case; "label N" where it has no name.
using TissueEdits = std::map<std::string, TissueEdit>;

/// {"groups": {"psoas major": {"muscle_max_shift": 5, "fat_min_shift": 0, "erase": "mask.nii.gz"}}}; files
/// are relative to the JSON's folder. Errors: `io`, `format` (names the field).
MUSCLEMAP_API TissueEdits read_tissue_edits(const std::filesystem::path& file);

enum class MetricsMethod : std::int32_t { average = 1, dixon, kmeans, gmm, hu };

/// "average", "dixon", …; Error `argument` for other names; any case.
MUSCLEMAP_API MetricsMethod metrics_method(const std::string& name);

enum class MapChoice : std::int32_t { none = 1, masks, all };

/// One image and its label map on the disk.
struct MetricsRequest {
  MetricsMethod method = MetricsMethod::average;
  std::filesystem::path image;   ///< average, kmeans, gmm, hu
  std::filesystem::path fat;     ///< dixon
  std::filesystem::path water;   ///< dixon
  std::filesystem::path labels;  ///< any type whose values are integers
  std::vector<Label> names;
  TissueOptions tissue;  ///< its method is overruled by the one above
  TissueEdits edits;

  std::filesystem::path output_folder;  ///< empty: that of the image
  TableWriteOptions table;
  bool per_slice = false;
  MapChoice maps = MapChoice::all;
  bool compat_types = false;  ///< maps typed as MuscleMap types them: as the label map, probabilities scaled
  bool sidecar = true;        ///< settings, fits and the data dictionary as JSON beside the table
  std::filesystem::path picture;  ///< PNG; empty: none
};

/// What was written, and the tables.
struct MetricsReport {
  std::filesystem::path table;
  std::vector<std::filesystem::path> files;  ///< every file, the table first
  Metrics metrics;
};

/// The name that files of this request begin with and the table's file (MuscleMap spec, section 8).
MUSCLEMAP_API std::filesystem::path metrics_table_path(const MetricsRequest& request);

/// Measures files by streaming: no volume is held, unless a picture is drawn. Files appear whole or not at
/// all, under MuscleMap's names. Errors: those of open_nifti(), `geometry` (corners of the grids further
/// than 1e-3 voxel apart), `format` reason `labels`, `argument`, `cancelled`.
MUSCLEMAP_API MetricsReport extract_metrics(const MetricsRequest& request, const RunControl& control = {});

}  // namespace musclemap

#endif  // MUSCLEMAP_METRICS_HPP_
