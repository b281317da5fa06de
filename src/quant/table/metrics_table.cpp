#include <algorithm>
#include <ostream>
#include <set>

#include "base/text.hpp"
#include "musclemap/error.hpp"
#include "musclemap/metrics.hpp"
#include "quant/table/table_options.hpp"
#include "quant/table/table_text.hpp"

namespace musclemap {
namespace {

using Column = MetricsTable::Column;
using Columns = std::vector<Column>;

std::string in_quotes(const std::string& text) { return '"' + base::printable(text, 60) + '"'; }

std::size_t length_of(const Column& column) {
  const bool is_text = column.kind == MetricsTable::Kind::text;
  if (!(is_text ? column.values.empty() : column.texts.empty())) {
    throw Error(ErrorCode::argument, "column " + in_quotes(column.name) +
                                         (is_text ? " of texts" : " of numbers") + " holds " +
                                         (is_text ? "numbers" : "texts") + " too");
  }
  return is_text ? column.texts.size() : column.values.size();
}

/// Identifiers win over titles.
const Column* find(const Columns& columns, const std::string& name) {
  const std::string wanted = base::ascii_lower(name);
  for (const Column& column : columns) {
    if (base::ascii_lower(column.name) == wanted) return &column;
  }
  for (const Column& column : columns) {
    if (base::ascii_lower(quant::title_of(column)) == wanted) return &column;
  }
  return nullptr;
}

/// The columns that the options ask for.
std::vector<const Column*> select(const MetricsTable& table, const TableWriteOptions& options) {
  const std::vector<std::string>& names = options.columns;
  std::vector<const Column*> selected;
  for (const std::string& name : names) {
    const Column& column = table.column(name);
    if (std::find(selected.begin(), selected.end(), &column) != selected.end()) {
      throw Error(ErrorCode::argument, "column " + in_quotes(name) + " is asked for twice; once is allowed");
    }
    selected.push_back(&column);
  }
  if (!names.empty()) return selected;
  for (const Column& column : table.columns()) {
    if (column.basic || options.all_columns) selected.push_back(&column);
  }
  return selected;
}

void check(const TableWriteOptions& options) {
  base::check_options(options);
  const bool csv = options.format == TableFormat::csv;
  const std::string allowed = ",;|\t";
  if (options.separator != ',' && (!csv || allowed.find(options.separator) == std::string::npos)) {
    throw Error(ErrorCode::argument, "the separator is " + in_quotes({options.separator}) +
                                         (csv ? "; comma, semicolon, bar and tab are allowed"
                                              : "; only csv has another one than its own"));
  }
  if (options.byte_order_mark && options.format == TableFormat::json) {
    throw Error(ErrorCode::argument, "a byte-order mark is asked for; JSON has none");
  }
}

std::string text_of(const quant::TableView& view, const TableWriteOptions& options) {
  switch (options.format) {
    case TableFormat::csv:
      return quant::csv_text(view, options.raw_cells, options.separator);
    case TableFormat::tsv:
      return quant::tsv_text(view, options.raw_cells);
    case TableFormat::json:
      return quant::json_text(view);
  }
  throw Error(ErrorCode::argument,
              "no table format has number " + std::to_string(static_cast<int>(options.format)));
}

}  // namespace

MetricsTable::MetricsTable(std::vector<Column> columns) : columns_(std::move(columns)) {
  std::set<std::string> names;
  for (const Column& column : columns_) {
    const std::size_t length = length_of(column);
    if (names.empty()) rows_ = static_cast<std::int64_t>(length);
    if (static_cast<std::int64_t>(length) != rows_) {
      throw Error(ErrorCode::argument, "column " + in_quotes(column.name) + " has " + std::to_string(length) +
                                           " rows; " + std::to_string(rows_) + " are needed, as in column " +
                                           in_quotes(columns_.front().name));
    }
    if (!names.insert(base::ascii_lower(column.name)).second) {
      throw Error(ErrorCode::argument,
                  "two columns are named " + in_quotes(column.name) + "; names must be unique in any case");
    }
  }
}

const MetricsTable::Column& MetricsTable::column(const std::string& name) const {
  if (const Column* found = find(columns_, name)) return *found;
  std::string message = "no column " + in_quotes(name) + "; there ";
  message += columns_.size() == 1 ? "is" : "are";
  const char* between = " ";
  for (const Column& column : columns_) {
    message += between + column.name;
    between = ", ";
  }
  throw Error(ErrorCode::argument, columns_.empty() ? message + " none" : message);
}

void MetricsTable::write(std::ostream& out, const TableWriteOptions& options) const {
  check(options);
  const std::string mark = options.byte_order_mark ? "\xEF\xBB\xBF" : "";
  const std::string text = mark + text_of({select(*this, options), rows_, options.decimals}, options);
  // Unformatted output: neither width nor locale of the stream matters.
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  if (!out) throw Error(ErrorCode::io, "the table cannot be written");
}

std::string MetricsTable::dictionary(const TableWriteOptions& options) const {
  return quant::dictionary_text({select(*this, options), rows_, {}});
}

}  // namespace musclemap
