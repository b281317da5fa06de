// Columns that every table of labels shares, and the making of columns.
#ifndef MUSCLEMAP_QUANT_TABLE_LABEL_COLUMNS_HPP_
#define MUSCLEMAP_QUANT_TABLE_LABEL_COLUMNS_HPP_

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "quant/table/metrics_tables.hpp"

namespace musclemap::quant {

using Column = MetricsTable::Column;

/// A figure that there is none of.
inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Columns in the order in which they are made; a row is a label, or a label and a slice.
class ColumnList {
 public:
  Column& integer(const char* name, const char* title, const char* unit, const char* description);
  /// Two decimals, as MuscleMap writes all its figures.
  Column& real(const char* name, const char* title, const char* unit, const char* description);
  Column& text(const char* name, const char* title, const char* description);
  std::vector<Column> take() { return std::move(columns_); }

 private:
  std::vector<Column> columns_;
};

/// One row of a table of labels.
struct LabelRow {
  std::int32_t value;
  const LabelShape* shape;
  Label label;       ///< name, as far as it is known
  std::string name;  ///< "anatomy side" as MuscleMap prints it; empty where there is none
};

/// Ascending by value. Values without a name get a warning if `names` is not empty, and so do labels that
/// reach a side of the image.
std::vector<LabelRow> label_rows(const std::map<std::int32_t, LabelShape>& shapes,
                                 const std::vector<Label>& names, std::vector<Warning>* warnings);

/// Label, Anatomy, Slices with segmentation.
void add_key_columns(const std::vector<LabelRow>& rows, ColumnList* columns);

/// What is measured of a label's cross-sections.
struct AreaOfLabel {
  std::int64_t voxels = 0;
  std::int64_t largest = 0;
  std::int64_t largest_slice = -1;  ///< the first of equal ones; -1 for a label without voxels
  std::int64_t slices = 0;

  /// The next slice along the section axis, in rising order.
  void add(std::int64_t slice, std::int64_t slice_voxels);
};

/// Voxels, volumes, areas, parts, border, region, side: not basic.
void add_shape_columns(const std::vector<LabelRow>& rows, const std::vector<AreaOfLabel>& areas,
                       const TableScale& scale, ColumnList* columns);

/// Rows of one muscle's two sides.
struct SidePair {
  std::size_t left;
  std::size_t right;
};
std::vector<SidePair> side_pairs(const std::vector<LabelRow>& rows);

/// 100 * (left - right) / ((left + right) / 2), or left - right where `relative` is false; the same in both
/// rows of a pair, NaN elsewhere.
std::vector<double> asymmetry(const std::vector<double>& values, const std::vector<SidePair>& pairs,
                              bool relative);

/// Label, Anatomy, Slice, Section axis, Area, Voxels for every slice with voxels.
struct SliceKey {
  std::size_t row;
  std::int64_t slice;
};
void add_slice_columns(const std::vector<LabelRow>& rows, const std::vector<SliceKey>& keys,
                       const std::vector<std::int64_t>& voxels, const TableScale& scale, ColumnList* columns);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_TABLE_LABEL_COLUMNS_HPP_
