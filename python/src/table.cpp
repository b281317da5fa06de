#include <sstream>
#include <utility>

#include "bindings.hpp"
#include "options.hpp"

namespace musclemap::python {
namespace {

using Column = MetricsTable::Column;

const char* kind_name(MetricsTable::Kind kind) {
  if (kind == MetricsTable::Kind::text) return "text";
  return kind == MetricsTable::Kind::integer ? "integer" : "real";
}

MetricsTable::Kind kind_of(const std::string& name) {
  if (name == "text") return MetricsTable::Kind::text;
  return name == "integer" ? MetricsTable::Kind::integer : MetricsTable::Kind::real;
}

// Numbers: a read-only array on the table's own memory, which `self` keeps alive. Texts: a list.
py::object values_of(const py::object& self, const std::string& name) {
  const Column& column = self.cast<const MetricsTable&>().column(name);
  if (column.kind == MetricsTable::Kind::text) return py::cast(column.texts);
  py::array_t<double> view({static_cast<py::ssize_t>(column.values.size())}, {sizeof(double)},
                           column.values.data(), self);
  view.attr("setflags")(py::arg("write") = false);
  return view;
}

py::bytes text_of(const MetricsTable& self, const py::dict& given) {
  std::ostringstream out;
  self.write(out, options_from<TableWriteOptions>(given));
  return out.str();
}

py::list state_of(const MetricsTable& self) {
  py::list columns;
  for (const Column& column : self.columns()) {
    columns.append(py::make_tuple(column.name, column.title, column.unit, column.description,
                                  kind_name(column.kind), column.decimals, column.basic, column.values,
                                  column.texts));
  }
  return columns;
}

MetricsTable table_of(const py::list& state) {
  std::vector<Column> columns;
  for (const py::handle item : state) {
    const auto fields = item.cast<py::tuple>();
    columns.push_back({fields[0].cast<std::string>(), fields[1].cast<std::string>(),
                       fields[2].cast<std::string>(), fields[3].cast<std::string>(),
                       kind_of(fields[4].cast<std::string>()), fields[5].cast<int>(), fields[6].cast<bool>(),
                       fields[7].cast<std::vector<double>>(), fields[8].cast<std::vector<std::string>>()});
  }
  return MetricsTable(std::move(columns));
}

}  // namespace

void bind_table(py::module_& module) {
  py::class_<Column>(module, "Column", "What a column of a table is.")
      .def_readonly("name", &Column::name, "identifier, such as 'fat_percent'")
      .def_readonly("title", &Column::title, "heading, such as 'Fat (%)'")
      .def_readonly("unit", &Column::unit, "'%', 'ml', 'mm2', …; empty for none")
      .def_readonly("description", &Column::description, "one sentence")
      .def_property_readonly(
          "kind", [](const Column& self) { return kind_name(self.kind); }, "'integer', 'real' or 'text'")
      .def_readonly("basic", &Column::basic, "written by default")
      .def("__repr__", [](const Column& self) {
        return "Column(" + self.name + (self.unit.empty() ? "" : ", " + self.unit) + ")";
      });
  py::class_<MetricsTable>(module, "Table")
      .def("__len__", [](const MetricsTable& self) { return self.row_count(); })
      .def_property_readonly("columns",
                             [](const MetricsTable& self) { return py::tuple(py::cast(self.columns())); })
      .def(
          "column", [](const MetricsTable& self, const std::string& name) { return self.column(name); },
          py::arg("name"))
      .def("values", &values_of, py::arg("name"))
      .def("text", &text_of, py::arg("options"))
      .def(
          "dictionary",
          [](const MetricsTable& self, bool all_columns) {
            TableWriteOptions options;
            options.all_columns = all_columns;
            return self.dictionary(options);
          },
          py::arg("all_columns"))
      .def(py::pickle(&state_of, &table_of));
}

}  // namespace musclemap::python
