// The forms that a table is written in.
#ifndef MUSCLEMAP_QUANT_TABLE_TABLE_TEXT_HPP_
#define MUSCLEMAP_QUANT_TABLE_TABLE_TEXT_HPP_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "musclemap/metrics.hpp"

namespace musclemap::quant {

/// Columns to write, in that order; each has `rows` cells.
struct TableView {
  std::vector<const MetricsTable::Column*> columns;
  std::int64_t rows = 0;
  std::optional<int> decimals;  ///< of real columns; unset: each column's own
};

/// The heading; a column without one goes by its identifier.
const std::string& title_of(const MetricsTable::Column& column);

/// A number as it stands in every form; empty where it is missing. Columns of numbers only.
std::string number_cell(const TableView& table, const MetricsTable::Column& column, std::size_t row);

/// RFC 4180 with "\n". A table of one column writes its empty cells as "", since readers skip empty lines.
std::string csv_text(const TableView& table, bool raw_cells, char separator = ',');

/// BIDS: headings are identifiers, missing values and empty texts "n/a"; tabs and line ends become blanks.
std::string tsv_text(const TableView& table, bool raw_cells);

/// {"columns": [...], "rows": [{name: value}]}; missing and infinite numbers null, bytes that are not UTF-8
/// replaced.
std::string json_text(const TableView& table);

/// BIDS data dictionary of the columns.
std::string dictionary_text(const TableView& table);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_TABLE_TABLE_TEXT_HPP_
