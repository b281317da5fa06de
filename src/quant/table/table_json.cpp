#include <cmath>
#include <nlohmann/json.hpp>

#include "quant/table/table_text.hpp"

namespace musclemap::quant {
namespace {

using Json = nlohmann::ordered_json;
using Column = MetricsTable::Column;
using Kind = MetricsTable::Kind;

const char* kind_name(Kind kind) {
  if (kind == Kind::integer) return "integer";
  return kind == Kind::real ? "real" : "text";
}

std::string dumped(const Json& value, int indent = -1) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Json describe(const Column& column) {
  Json entry;
  entry["name"] = column.name;
  entry["title"] = title_of(column);
  entry["unit"] = column.unit;
  entry["description"] = column.description;
  entry["kind"] = kind_name(column.kind);
  return entry;
}

/// Numbers are spelled here, as in CSV, because nlohmann's are not always the shortest.
std::string cell_of(const TableView& table, const Column& column, std::size_t row) {
  if (column.kind == Kind::text) return dumped(column.texts[row]);
  return std::isfinite(column.values[row]) ? number_cell(table, column, row) : "null";
}

}  // namespace

std::string json_text(const TableView& table) {
  std::string text = "{\"columns\": [";
  std::vector<std::string> keys;
  for (const Column* column : table.columns) {
    text += (keys.empty() ? "\n  " : ",\n  ") + dumped(describe(*column));
    keys.push_back(dumped(column->name) + ": ");
  }
  text += "],\n \"rows\": [";
  for (std::size_t row = 0; row < static_cast<std::size_t>(table.rows); ++row) {
    text += row == 0 ? "\n  {" : ",\n  {";
    for (std::size_t i = 0; i < keys.size(); ++i) {
      text += (i == 0 ? "" : ", ") + keys[i] + cell_of(table, *table.columns[i], row);
    }
    text += '}';
  }
  return text + "]}\n";
}

std::string dictionary_text(const TableView& table) {
  Json dictionary = Json::object();
  for (const Column* column : table.columns) {
    Json entry;
    entry["LongName"] = title_of(*column);
    entry["Description"] = column->description;
    if (!column->unit.empty()) entry["Units"] = column->unit;
    dictionary[column->name] = std::move(entry);
  }
  return dumped(dictionary, 2);
}

}  // namespace musclemap::quant
