#include "quant/table/label_columns.hpp"

#include <algorithm>
#include <tuple>

#include "base/label_list.hpp"
#include "base/text.hpp"

namespace musclemap::quant {
namespace {

std::string trimmed(const std::string& text) {
  constexpr const char* kBlanks = " \t\n\v\f\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

Column column_of(const char* name, const char* title, const char* unit, const char* description,
                 MetricsTable::Kind kind) {
  Column column;
  column.name = name;
  column.title = title;
  column.unit = unit;
  column.description = description;
  column.kind = kind;
  return column;
}

Column& add_section_axis(std::size_t rows, const TableScale& scale, ColumnList* columns) {
  Column& axis = columns->text("section_axis", "Section axis",
                               "Stored axis (i, j, k) along which the cross-sections follow each other");
  axis.texts.assign(rows, std::string(1, "ijk"[scale.section_axis]));
  return axis;
}

}  // namespace

Column& ColumnList::integer(const char* name, const char* title, const char* unit, const char* description) {
  columns_.push_back(column_of(name, title, unit, description, MetricsTable::Kind::integer));
  return columns_.back();
}

Column& ColumnList::real(const char* name, const char* title, const char* unit, const char* description) {
  columns_.push_back(column_of(name, title, unit, description, MetricsTable::Kind::real));
  return columns_.back();
}

Column& ColumnList::text(const char* name, const char* title, const char* description) {
  columns_.push_back(column_of(name, title, "", description, MetricsTable::Kind::text));
  return columns_.back();
}

std::vector<LabelRow> label_rows(const std::map<std::int32_t, LabelShape>& shapes,
                                 const std::vector<Label>& names, std::vector<Warning>* warnings) {
  std::map<std::int32_t, const Label*> known;
  for (const Label& label : names) known[label.value] = &label;
  std::vector<LabelRow> rows;
  std::vector<std::int32_t> unknown;
  std::vector<std::int32_t> cut;
  for (const auto& [value, shape] : shapes) {
    LabelRow row{value, &shape, {}, {}};
    row.label.value = value;
    const auto found = known.find(value);
    if (found != known.end()) {
      row.label = *found->second;
      row.name = trimmed(trimmed(row.label.anatomy) + " " + trimmed(row.label.side));
    } else {
      unknown.push_back(value);
    }
    if (shape.touches_side) cut.push_back(value);
    rows.push_back(std::move(row));
  }
  if (!names.empty() && !unknown.empty()) {
    warnings->push_back({WarningCode::label_unnamed, "no name for " + base::label_list(unknown)});
  }
  if (!cut.empty()) {
    warnings->push_back(
        {WarningCode::label_border,
         base::label_list(cut) +
             ": on a side of the image, so that the structure may be cut off (the first and the last "
             "slice are not counted)"});
  }
  return rows;
}

void add_key_columns(const std::vector<LabelRow>& rows, ColumnList* columns) {
  Column& label = columns->integer("label", "Label", "", "Value in the label map");
  for (const LabelRow& row : rows) label.values.push_back(row.value);
  Column& anatomy = columns->text("anatomy", "Anatomy", "Structure and side, from the label table");
  for (const LabelRow& row : rows) anatomy.texts.push_back(row.name);
  Column& slices =
      columns->integer("slices", "Slices with segmentation", "",
                       "Slices along the axis of the largest spacing, as MuscleMap counts them, that hold at "
                       "least one voxel of the label");
  for (const LabelRow& row : rows) slices.values.push_back(static_cast<double>(row.shape->slices()));
}

void AreaOfLabel::add(std::int64_t slice, std::int64_t slice_voxels) {
  if (slice_voxels == 0) return;
  voxels += slice_voxels;
  ++slices;
  if (slice_voxels <= largest) return;
  largest = slice_voxels;
  largest_slice = slice;
}

void add_shape_columns(const std::vector<LabelRow>& rows, const std::vector<AreaOfLabel>& areas,
                       const TableScale& scale, ColumnList* columns) {
  const double area = scale.section_mm2;
  const auto fill = [&](Column& column, const auto& value) {
    column.basic = false;
    for (std::size_t r = 0; r < rows.size(); ++r) column.values.push_back(value(rows[r], areas[r]));
  };
  const auto number = [](std::int64_t n) { return static_cast<double>(n); };
  fill(columns->integer("voxels", "Voxels", "", "Voxels that are measured"),
       [&](const LabelRow&, const AreaOfLabel& a) { return number(a.voxels); });
  fill(columns->real("affine_volume_ml", "Volume from affine (ml)", "ml",
                     "Voxels times the determinant of the affine; the other volumes rest on the voxel size "
                     "that the header states"),
       [&](const LabelRow&, const AreaOfLabel& a) { return number(a.voxels) * scale.affine_voxel_ml; });
  fill(columns->real("largest_area_mm2", "Largest area (mm2)", "mm2",
                     "Largest cross-sectional area across the section axis"),
       [&](const LabelRow&, const AreaOfLabel& a) { return number(a.largest) * area; });
  fill(
      columns->integer("largest_area_slice", "Slice of largest area", "",
                       "Index of that slice along the section axis, the first of equal ones, counted from 0"),
      [&](const LabelRow&, const AreaOfLabel& a) { return a.slices == 0 ? kNaN : number(a.largest_slice); });
  fill(columns->real("mean_area_mm2", "Mean area (mm2)", "mm2",
                     "Mean cross-sectional area over the slices along the section axis that hold the label"),
       [&](const LabelRow&, const AreaOfLabel& a) {
         return a.slices == 0 ? kNaN : number(a.voxels) * area / number(a.slices);
       });
  add_section_axis(rows.size(), scale, columns).basic = false;
  fill(columns->integer("parts", "Parts", "", "Connected parts of the label (neighbours share a face)"),
       [&](const LabelRow& row, const AreaOfLabel&) { return number(row.shape->parts); });
  fill(columns->integer("touches_border", "Touches border", "",
                        "1 where the label reaches the first or last plane of the volume along an axis, so "
                        "that the structure may be cut off; else 0"),
       [&](const LabelRow& row, const AreaOfLabel&) { return row.shape->touches_border ? 1.0 : 0.0; });
  Column& region = columns->text("region", "Region", "Body region, from the label table");
  for (const LabelRow& row : rows) region.texts.push_back(row.label.region);
  region.basic = false;
  Column& side = columns->text("side", "Side", "left, right or no side, from the label table");
  for (const LabelRow& row : rows) side.texts.push_back(row.label.side);
  side.basic = false;
}

std::vector<SidePair> side_pairs(const std::vector<LabelRow>& rows) {
  std::map<std::tuple<std::string, std::string>, std::vector<std::size_t>> left;
  std::map<std::tuple<std::string, std::string>, std::vector<std::size_t>> right;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const Label& label = rows[r].label;
    if (label.anatomy.empty()) continue;
    const std::string side = base::ascii_lower(trimmed(label.side));
    const std::tuple key{base::ascii_lower(label.region), base::ascii_lower(label.anatomy)};
    if (side == "left") left[key].push_back(r);
    if (side == "right") right[key].push_back(r);
  }
  std::vector<SidePair> pairs;
  for (const auto& [key, of_left] : left) {
    const auto found = right.find(key);
    if (found == right.end() || of_left.size() != 1 || found->second.size() != 1) continue;
    pairs.push_back({of_left[0], found->second[0]});
  }
  return pairs;
}

std::vector<double> asymmetry(const std::vector<double>& values, const std::vector<SidePair>& pairs,
                              bool relative) {
  std::vector<double> result(values.size(), kNaN);
  for (const SidePair& pair : pairs) {
    const double left = values[pair.left];
    const double right = values[pair.right];
    const double middle = (left + right) / 2;
    double difference = left - right;
    if (relative) difference = middle > 0 ? 100 * difference / middle : kNaN;
    result[pair.left] = result[pair.right] = difference;
  }
  return result;
}

void add_slice_columns(const std::vector<LabelRow>& rows, const std::vector<SliceKey>& keys,
                       const std::vector<std::int64_t>& voxels, const TableScale& scale,
                       ColumnList* columns) {
  Column& label = columns->integer("label", "Label", "", "Value in the label map");
  for (const SliceKey& key : keys) label.values.push_back(rows[key.row].value);
  Column& anatomy = columns->text("anatomy", "Anatomy", "Structure and side, from the label table");
  for (const SliceKey& key : keys) anatomy.texts.push_back(rows[key.row].name);
  Column& slice = columns->integer("slice", "Slice", "", "Index along the section axis, counted from 0");
  for (const SliceKey& key : keys) slice.values.push_back(static_cast<double>(key.slice));
  add_section_axis(keys.size(), scale, columns);
  Column& area =
      columns->real("area_mm2", "Area (mm2)", "mm2", "Cross-sectional area across the section axis");
  for (const std::int64_t n : voxels) area.values.push_back(static_cast<double>(n) * scale.section_mm2);
  Column& count = columns->integer("voxels", "Voxels", "", "Voxels that are measured");
  for (const std::int64_t n : voxels) count.values.push_back(static_cast<double>(n));
}

}  // namespace musclemap::quant
