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

#include "musclemap/labels.hpp"
#include "musclemap/run.hpp"
#include "musclemap/tissue.hpp"
#include "musclemap/version.hpp"
#include "musclemap/volume.hpp"

namespace musclemap {

/// Format of a table's file.
enum class TableFormat : std::int32_t {
  csv = 1,  ///< RFC 4180, "\n" line ends, missing values empty; MuscleMap's number format
  tsv,      ///< BIDS: tabs, missing values "n/a"
  json,     ///< one object: "columns" (name, title, unit, description) and "rows"; missing values null
};

/// How a table is written.
struct TableWriteOptions {
  TableFormat format = TableFormat::csv;  ///< of the file
  /// Names of columns (identifiers or titles, any case) in the order to write; empty: the basic columns, or
  /// all of them.
  std::vector<std::string> columns;
  bool all_columns = false;  ///< without `columns`: all of them, not the basic ones alone
  /// Text cells are written as they are. Off: those that a spreadsheet would run (first character = + - @ tab
  /// or carriage return) get a leading apostrophe. Numbers are never changed.
  bool raw_cells = false;
  char separator = ',';          ///< of csv: ',', ';', '|' or a tab
  std::optional<int> decimals;   ///< of real columns, 0 to 17; unset: each column's own
  bool byte_order_mark = false;  ///< csv and tsv: UTF-8's, by which spreadsheets know the encoding
};

/// Rows and columns of one kind of thing. Immutable.
class MUSCLEMAP_API MetricsTable {
 public:
  /// What the cells of a column are.
  enum class Kind : std::int32_t { integer = 1, real, text };
  /// One column with its cells.
  struct Column {
    std::string name;                ///< identifier, such as "fat_percent"
    std::string title;               ///< heading, such as "Fat (%)"
    std::string unit;                ///< "%", "ml", "mm2", …; empty for none
    std::string description;         ///< one sentence
    Kind kind = Kind::real;          ///< of the cells
    int decimals = 2;                ///< real: written rounded to this many; -1: shortest exact text
    bool basic = true;               ///< written by default
    std::vector<double> values;      ///< one per row; NaN: not measurable. Empty for text
    std::vector<std::string> texts;  ///< one per row; empty for numbers
  };

  MetricsTable() = default;
  /// Error `argument` for two columns of one name and for columns of different lengths.
  /// @param columns in the order of the table
  explicit MetricsTable(std::vector<Column> columns);

  /// @return number of rows
  std::int64_t row_count() const noexcept { return rows_; }
  /// @return in the order of the table
  const std::vector<Column>& columns() const noexcept { return columns_; }
  /// Error `argument`, which lists what there is.
  /// @param name identifier or title, any case
  /// @return lives as long as the table
  const Column& column(const std::string& name) const;
  /// The same bytes in every locale. Error `argument` for an unknown column, and for options that are out of
  /// their range or not of that format.
  /// @param out gets the text
  /// @param options format and columns
  void write(std::ostream& out, const TableWriteOptions& options = {}) const;
  /// BIDS data dictionary. Error `argument` for an unknown column.
  /// @param options format and columns
  /// @return a JSON object of the columns that those options write
  std::string dictionary(const TableWriteOptions& options = {}) const;

 private:
  std::vector<Column> columns_;
  std::int64_t rows_ = 0;
};

/// What is measured in one image.
struct Metrics {
  MetricsTable labels;            ///< a row per label
  MetricsTable slices;            ///< a row per label and slice
  std::vector<Warning> warnings;  ///< what is doubtful; told to RunControl::on_warning too
};

/// What the values under a label are.
enum class ValueKind : std::int32_t { intensity = 1, fat_fraction };

/// Voxel size that a file states beside its affine. Volumes, areas and MuscleMap's count of slices rest on
/// it.
struct StatedVoxelSize {
  Spacing spacing_mm;  ///< along i, j, k
  double voxel_ml;     ///< volume of one voxel
};

/// What a table is measured with.
struct MeasureOptions {
  /// Unset: from the affine.
  std::optional<StatedVoxelSize> stated;
  RunControl control;                                ///< progress, cancelling, limits
  SectionAxis section_axis = SectionAxis::superior;  ///< of areas and of the table by slices
  /// measure_mean: most that corners of the two grids may lie apart, in voxels; above 1e-3 with a warning.
  double geometry_tolerance = kGeometryTolerance;
};

/// Composition of every label: columns of MuscleMap's kmeans and gmm tables (hu: also the mean intensity),
/// then, not `basic`, voxels, area, parts (connected components), border, status, thresholds, components,
/// asymmetry. Rows ascend by label. Areas and the table by slices are those of sections along
/// options.section_axis; the column "slices" counts as MuscleMap does, along the axis of the largest spacing,
/// the third where all are equal to 1 % (docs/chains/metrics.md, section 4).
/// @param tissue the divided image
/// @param names of the labels; others are "label N"
/// @param options voxel size, progress, limits
/// @return percentages from 0 to 100, volumes in ml, areas in mm2, lengths in mm, as each column's unit says
MUSCLEMAP_API Metrics measure(const TissueMap& tissue, const std::vector<Label>& names,
                              const MeasureOptions& options = {});

/// Mean of `values` under every label: "Average Intensity", or "Fat (%)" for a fat fraction (100 * mean).
/// A label map without a label gives a table without rows. Values that are not finite are left out of an
/// intensity's mean, and make that of a fat fraction NaN; either way the label's status says so. Errors:
/// `geometry`, `format` reason `labels` (fractional or negative labels).
/// @param labels any dtype whose values are integers; 0 is background
/// @param values on the labels' grid, stored along any axes; slices are counted along those of `values`
/// @param kind what the values are
/// @param names of the labels; others are "label N"
/// @param options voxel size, progress, limits
/// @return rows ascend by label
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
/// @param file JSON
/// @return by anatomy group
MUSCLEMAP_API TissueEdits read_tissue_edits(const std::filesystem::path& file);

/// How the voxels under the labels are measured; average: mean intensity, dixon: mean fat fraction.
enum class MetricsMethod : std::int32_t { average = 1, dixon, kmeans, gmm, hu };

/// Error `argument` for other names.
/// @param name "average", "dixon", …; any case
/// @return that method
MUSCLEMAP_API MetricsMethod metrics_method(const std::string& name);

/// Which maps are written: none, masks of the tissues, or probabilities too.
enum class MapChoice : std::int32_t { none = 1, masks, all };

/// One image and its label map on the disk.
struct MetricsRequest {
  MetricsMethod method = MetricsMethod::average;  ///< what is measured
  std::filesystem::path image;                    ///< average, kmeans, gmm, hu
  std::filesystem::path fat;                      ///< dixon
  std::filesystem::path water;                    ///< dixon
  std::filesystem::path labels;                   ///< any type whose values are integers
  std::vector<Label> names;                       ///< of the labels; others are "label N"; empty: names_file
  /// Without `names`, read_labels() of it; with them, only kept from being replaced. Empty: region.
  std::filesystem::path names_file;
  std::string region;  ///< names are those of this built-in table; empty: labels_beside() of the label map
  std::string model_version = "latest";  ///< of that table
  TissueOptions tissue;                  ///< its method is overruled by the one above
  TissueEdits edits;                     ///< kmeans, gmm and hu alone; empty: edits_file
  /// Without `edits`, read_tissue_edits() of it; with them, only kept from being replaced. Empty: none.
  std::filesystem::path edits_file;

  std::filesystem::path output_folder;  ///< empty: that of the image
  TableWriteOptions table;              ///< format and columns
  bool per_slice = false;               ///< write the table by slices too
  /// Of areas, the table by slices and the sections of the picture.
  SectionAxis section_axis = SectionAxis::superior;
  /// Most that corners of the grids may lie apart, in voxels; above 1e-3 with a warning. Overrules that of
  /// `tissue`.
  double geometry_tolerance = kGeometryTolerance;
  MapChoice maps = MapChoice::all;  ///< which maps are written
  bool compat_types = false;  ///< maps typed as MuscleMap types them: as the label map, probabilities scaled
  bool sidecar = true;        ///< settings, fits and the data dictionary as JSON beside the table
  bool header_text = true;    ///< maps keep extensions and free text of the label map's header
  std::filesystem::path picture;  ///< PNG; empty: none
};

/// What was written, and the tables.
struct MetricsReport {
  std::filesystem::path table;               ///< its file
  std::vector<std::filesystem::path> files;  ///< every file, the table first
  Metrics metrics;                           ///< the tables
};

/// MuscleMap's names (docs/chains/metrics.md, section 8); nothing is written. Where the JSON of those results
/// says that they are of another label map, the names carry that of the label map as well. Error `argument`
/// where those are of a third one.
/// @param request what would be measured
/// @return the table's file
MUSCLEMAP_API std::filesystem::path metrics_table_path(const MetricsRequest& request);

/// Measures files by streaming: no volume is held, unless a picture is drawn. Files appear whole or not at
/// all, under the names of metrics_table_path(). A label map that is stored along
/// other axes than the image is reordered, and held where its slices are not those of the image. Errors:
/// those of open_nifti(), read_labels() and read_tissue_edits(), `geometry` (grids differ), `memory`,
/// `format` reason `labels`, `argument` (also if an output would replace an input: image, label map, mask, a
/// JSON beside one of them, names, edits, by any link or spelling; or another output), `cancelled`.
/// @param request what is measured and what is written
/// @param control progress, cancelling, limits
/// @return the tables and the files
MUSCLEMAP_API MetricsReport extract_metrics(const MetricsRequest& request, const RunControl& control = {});

}  // namespace musclemap

#endif  // MUSCLEMAP_METRICS_HPP_
