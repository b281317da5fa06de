#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "convert.hpp"
#include "guard.hpp"
#include "handles.hpp"
#include "io/files/atomic_file.hpp"

namespace capi = musclemap::capi;
using musclemap::Error;
using musclemap::ErrorCode;
using musclemap::MetricsTable;

namespace {

const MetricsTable& table_of(const mm_table* table) { return capi::checked(table, "table").table; }

const MetricsTable::Column& column_of(const MetricsTable& table, int64_t column) {
  return table.columns()[capi::checked_index(column, table.columns().size(), "column")];
}

bool is_text(const MetricsTable::Column& column) { return column.kind == MetricsTable::Kind::text; }

const double* values_of(const MetricsTable::Column& column) {
  return is_text(column) ? nullptr : column.values.data();
}

std::string written(const MetricsTable& table, const mm_table_write_options* options) {
  std::ostringstream text;
  table.write(text, capi::table_options(options));
  return text.str();
}

}  // namespace

mm_status mm_table_row_count(const mm_table* table, int64_t* out) noexcept {
  return capi::guarded([&] {
    const MetricsTable& own = table_of(table);
    *capi::required(out, "out") = own.row_count();
  });
}

mm_status mm_table_column_count(const mm_table* table, int64_t* out) noexcept {
  return capi::guarded([&] {
    const MetricsTable& own = table_of(table);
    *capi::required(out, "out") = static_cast<int64_t>(own.columns().size());
  });
}

mm_status mm_table_describe_column(const mm_table* table, int64_t column, mm_column* out) noexcept {
  return capi::guarded([&] {
    const MetricsTable& own = table_of(table);
    const capi::Result<mm_column> result(out, "out");
    const MetricsTable::Column& described = column_of(own, column);
    mm_column given{};
    given.kind = static_cast<int32_t>(described.kind);
    given.name = described.name.c_str();
    given.title = described.title.c_str();
    given.unit = described.unit.c_str();
    given.description = described.description.c_str();
    given.decimals = described.decimals;
    given.basic = described.basic ? 1 : 0;
    given.values = values_of(described);
    result.give(given);
  });
}

mm_status mm_table_find_column(const mm_table* table, const char* name, int64_t* out) noexcept {
  return capi::guarded([&] {
    const MetricsTable& own = table_of(table);
    capi::required(name, "name");
    capi::required(out, "out");
    *out = &own.column(name) - own.columns().data();
  });
}

const double* mm_table_column_values(const mm_table* table, int64_t column) noexcept {
  const double* values = nullptr;
  capi::guarded([&] { values = values_of(column_of(table_of(table), column)); });
  return values;
}

mm_status mm_table_text(const mm_table* table, int64_t column, int64_t row, const char** out) noexcept {
  return capi::guarded([&] {
    const MetricsTable& own = table_of(table);
    capi::required(out, "out");
    const MetricsTable::Column& asked = column_of(own, column);
    if (!is_text(asked)) throw Error(ErrorCode::argument, "column '" + asked.name + "' holds numbers");
    *out = asked.texts[capi::checked_index(row, asked.texts.size(), "row")].c_str();
  });
}

mm_status mm_table_write(const mm_table* table, const mm_table_write_options* options, mm_write_fn write,
                         void* user_data) noexcept {
  return capi::guarded([&] {
    const MetricsTable& own = table_of(table);
    capi::required(write, "write");
    capi::hand_over(written(own, options), write, user_data);
  });
}

mm_status mm_table_write_file(const mm_table* table, const char* path,
                              const mm_table_write_options* options) noexcept {
  return capi::guarded([&] {
    const MetricsTable& own = table_of(table);
    capi::required(path, "path");
    const std::string text = written(own, options);
    musclemap::io::AtomicFile file(path);
    file.write(text.data(), text.size());
    file.commit();
  });
}

mm_status mm_table_write_dictionary(const mm_table* table, const mm_table_write_options* options,
                                    mm_write_fn write, void* user_data) noexcept {
  return capi::guarded([&] {
    const MetricsTable& own = table_of(table);
    capi::required(write, "write");
    capi::hand_over(own.dictionary(capi::table_options(options)), write, user_data);
  });
}

mm_status mm_table_file_count(const mm_table* table, int64_t* out) noexcept {
  return capi::guarded([&] {
    const mm_table& own = capi::checked(table, "table");
    *capi::required(out, "out") = static_cast<int64_t>(own.files.size());
  });
}

mm_status mm_table_file_at(const mm_table* table, int64_t index, const char** out) noexcept {
  return capi::guarded([&] {
    const mm_table& own = capi::checked(table, "table");
    capi::required(out, "out");
    *out = own.files[capi::checked_index(index, own.files.size(), "index")].c_str();
  });
}

void mm_table_free(mm_table* table) noexcept {
  if (capi::may_free(table)) delete table;
}
