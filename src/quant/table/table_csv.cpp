#include <cmath>

#include "quant/table/number_text.hpp"
#include "quant/table/table_text.hpp"

namespace musclemap::quant {
namespace {

using Column = MetricsTable::Column;
using Kind = MetricsTable::Kind;

/// Spreadsheets run cells that begin with one of these (OWASP, CSV injection).
std::string neutralised(const std::string& text) {
  constexpr const char* kFormulaStarts = "=+-@\t\r";
  return text.find_first_of(kFormulaStarts) == 0 ? "'" + text : text;
}

std::string quoted(const std::string& text, char separator) {
  if (text.find_first_of(std::string("\"\n\r") + separator) == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + '"';
}

std::string blanked(std::string text) {
  for (char& c : text) {
    if (c == '\t' || c == '\n' || c == '\r') c = ' ';
  }
  return text;
}

std::string cell_of(const TableView& table, const Column& column, std::size_t row, bool raw) {
  if (column.kind == Kind::text) return raw ? column.texts[row] : neutralised(column.texts[row]);
  return number_cell(table, column, row);
}

}  // namespace

const std::string& title_of(const Column& column) {
  return column.title.empty() ? column.name : column.title;
}

std::string number_cell(const TableView& table, const Column& column, std::size_t row) {
  const double value = column.values[row];
  if (std::isnan(value)) return {};
  if (column.kind == Kind::integer) return integer_text(value);
  return real_text(rounded(value, table.decimals.value_or(column.decimals)));
}

std::string csv_text(const TableView& table, bool raw_cells, char separator) {
  std::string text;
  const std::string separators(1, separator);
  std::string between;
  for (const Column* column : table.columns) {
    text += between + quoted(title_of(*column), separator);
    between = separators;
  }
  text += '\n';
  const std::string empty = table.columns.size() == 1 ? "\"\"" : "";
  for (std::size_t row = 0; row < static_cast<std::size_t>(table.rows); ++row) {
    between.clear();
    for (const Column* column : table.columns) {
      const std::string cell = cell_of(table, *column, row, raw_cells);
      text += between + (cell.empty() ? empty : quoted(cell, separator));
      between = separators;
    }
    text += '\n';
  }
  return text;
}

std::string tsv_text(const TableView& table, bool raw_cells) {
  std::string text;
  const char* between = "";
  for (const Column* column : table.columns) {
    text += between + blanked(column->name);
    between = "\t";
  }
  text += '\n';
  for (std::size_t row = 0; row < static_cast<std::size_t>(table.rows); ++row) {
    between = "";
    for (const Column* column : table.columns) {
      const std::string cell = blanked(cell_of(table, *column, row, raw_cells));
      text += between + (cell.empty() ? "n/a" : cell);
      between = "\t";
    }
    text += '\n';
  }
  return text;
}

}  // namespace musclemap::quant
