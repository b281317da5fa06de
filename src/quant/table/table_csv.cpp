#include <cmath>

#include "quant/table/number_text.hpp"
#include "quant/table/table_text.hpp"

namespace musclemap::quant {
namespace {

using Column = MetricsTable::Column;
using Kind = MetricsTable::Kind;

/// Spreadsheets run cells that begin with one of these (OWASP, CSV injection).
std::string neutralised(const std::string& text, bool neutralise) {
  constexpr const char* kFormulaStarts = "=+-@\t\r";
  const bool runs = neutralise && text.find_first_of(kFormulaStarts) == 0;
  return runs ? "'" + text : text;
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
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

std::string cell_of(const Column& column, std::size_t row, bool neutralise) {
  return column.kind == Kind::text ? neutralised(column.texts[row], neutralise) : number_cell(column, row);
}

}  // namespace

const std::string& title_of(const Column& column) {
  return column.title.empty() ? column.name : column.title;
}

std::string number_cell(const Column& column, std::size_t row) {
  const double value = column.values[row];
  if (std::isnan(value)) return {};
  return column.kind == Kind::integer ? integer_text(value) : real_text(rounded(value, column.decimals));
}

std::string csv_text(const TableView& table, bool neutralise_formulas) {
  std::string text;
  const char* between = "";
  for (const Column* column : table.columns) {
    text += between + quoted(title_of(*column));
    between = ",";
  }
  text += '\n';
  const std::string empty = table.columns.size() == 1 ? "\"\"" : "";
  for (std::size_t row = 0; row < static_cast<std::size_t>(table.rows); ++row) {
    between = "";
    for (const Column* column : table.columns) {
      const std::string cell = cell_of(*column, row, neutralise_formulas);
      text += between + (cell.empty() ? empty : quoted(cell));
      between = ",";
    }
    text += '\n';
  }
  return text;
}

std::string tsv_text(const TableView& table, bool neutralise_formulas) {
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
      const std::string cell = blanked(cell_of(*column, row, neutralise_formulas));
      text += between + (cell.empty() ? "n/a" : cell);
      between = "\t";
    }
    text += '\n';
  }
  return text;
}

}  // namespace musclemap::quant
