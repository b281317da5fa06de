// Options of a table's text, and of what it is measured with.
#ifndef MUSCLEMAP_QUANT_TABLE_TABLE_OPTIONS_HPP_
#define MUSCLEMAP_QUANT_TABLE_TABLE_OPTIONS_HPP_

#include "base/option.hpp"
#include "image/section_axis.hpp"
#include "musclemap/metrics.hpp"

namespace musclemap::base {

template <>
struct Words<TableFormat> {
  static constexpr WordList<TableFormat, 3> kList{
      {{TableFormat::csv, "csv"}, {TableFormat::tsv, "tsv"}, {TableFormat::json, "json"}}};
};

template <>
struct Words<ValueKind> {
  static constexpr WordList<ValueKind, 2> kList{
      {{ValueKind::intensity, "intensity"}, {ValueKind::fat_fraction, "fat_fraction"}}};
};

template <>
struct Options<TableWriteOptions> {
  using O = TableWriteOptions;
  static constexpr auto kList = std::make_tuple(
      option("format", &O::format, "of the tables; tsv is that of BIDS"),
      option("columns", &O::columns, "names of columns in the order to write"),
      option("all_columns", &O::all_columns, "all of them, not MuscleMap's alone"),
      option("raw_cells", &O::raw_cells, "write names that a spreadsheet would run as they are"),
      option("separator", &O::separator, "of csv: comma, semicolon, bar or tab"),
      option("decimals", &O::decimals, "of real columns, instead of each column's own", {0, 17}),
      option("byte_order_mark", &O::byte_order_mark,
             "csv and tsv: begin with UTF-8's, by which spreadsheets know the encoding"));
};

template <>
struct Options<MeasureOptions> {
  using O = MeasureOptions;
  static constexpr auto kList = std::make_tuple(
      option("stated", &O::stated, "voxel size that a file states beside its affine"),
      option("control", &O::control, "progress, cancelling, limits"),
      option("section_axis", &O::section_axis,
             "stored axis of areas, slices and pictures: the one nearest to superior, the one of the largest "
             "spacing (stored), or a named one"),
      option("geometry_tolerance", &O::geometry_tolerance,
             "most that corners of the grids may lie apart, in voxels; above 0.001 with a warning", from(0)));
};

}  // namespace musclemap::base

#endif  // MUSCLEMAP_QUANT_TABLE_TABLE_OPTIONS_HPP_
