#include <sstream>

#include "bindings.hpp"
#include "io/label_tables/label_formats.hpp"

namespace musclemap::python {
namespace {

py::tuple state_of(const Label& label) {
  return py::make_tuple(label.value, label.region, label.anatomy, label.side, label.snomed, label.kind);
}

Label label_of(std::int32_t value, std::string region, std::string anatomy, std::string side,
               std::string snomed, std::string kind) {
  if (value == 0)
    throw Error(ErrorCode::argument, Reason::labels, "label value is 0, which is the background");
  return {value, std::move(region), std::move(anatomy), std::move(side), std::move(snomed), std::move(kind)};
}

void bind_label(py::module_& module) {
  py::class_<Label>(module, "Label", "One structure of a label map. Immutable; equal by all its fields.")
      .def(py::init(&label_of), py::arg("value"), py::arg("region") = "", py::arg("anatomy") = "",
           py::arg("side") = "", py::arg("snomed") = "", py::arg("kind") = "")
      .def_readonly("value", &Label::value, "int, never 0")
      .def_readonly("region", &Label::region, "body region, such as 'thigh'; may be empty")
      .def_readonly("anatomy", &Label::anatomy, "structure, such as 'vastus lateralis'; may be empty")
      .def_readonly("side", &Label::side, "'left', 'right', 'no side' or empty")
      .def_readonly("snomed", &Label::snomed, "SNOMED CT code; may be empty")
      .def_readonly("kind", &Label::kind, "'muscle', 'bone', 'organ', 'fat', 'other' or empty")
      .def_property_readonly("name", &display_name, "'anatomy, side' as far as known, else 'label N'")
      .def_property_readonly(
          "colour", [](const Label& self) { return py::tuple(py::cast(label_colour(self.value))); },
          "display colour: red, green, blue, 0 to 255; depends on the value alone")
      .def("__eq__",
           [](const Label& self, const py::object& other) {
             return py::isinstance<Label>(other) &&
                    state_of(self).equal(state_of(other.cast<const Label&>()));
           })
      .def("__hash__", [](const Label& self) { return py::hash(state_of(self)); })
      .def("__repr__",
           [](const Label& self) {
             return "Label(" + std::to_string(self.value) + ", " +
                    py::repr(py::str(display_name(self))).cast<std::string>() + ")";
           })
      .def(py::pickle(&state_of, [](const py::tuple& state) {
        return label_of(state[0].cast<std::int32_t>(), state[1].cast<std::string>(),
                        state[2].cast<std::string>(), state[3].cast<std::string>(),
                        state[4].cast<std::string>(), state[5].cast<std::string>());
      }));
}

}  // namespace

void bind_labels(py::module_& module) {
  bind_label(module);
  module.def(
      "read_labels",
      [](const std::filesystem::path& file) { return without_gil([&] { return read_labels(file); }); },
      py::arg("file"));
  module.def(
      "labels_beside",
      [](const std::filesystem::path& file) {
        Control control(py::none(), 0, 0, std::nullopt);
        return control.run([&](const RunControl& run) { return labels_beside(file, run); });
      },
      py::arg("label_map"));
  module.def(
      "builtin_labels",
      [](const std::string& region, const std::string& version) {
        return builtin_label_table(region, version).labels;
      },
      py::arg("region"), py::arg("version"));
  module.def("label_colour", [](std::int32_t value) { return py::tuple(py::cast(label_colour(value))); });
  module.def("builtin_label_tables", [] {
    std::vector<std::pair<std::string, std::string>> names;
    for (const LabelTable& table : builtin_label_tables()) names.emplace_back(table.region, table.version);
    return names;
  });
  module.def(
      "label_table_text",
      [](const std::vector<Label>& labels, const std::string& viewer) {
        std::ostringstream out;
        write_label_table(labels, base::from_word<LabelTableFormat>(viewer, "viewer"), out);
        return py::bytes(out.str());
      },
      py::arg("labels"), py::arg("viewer"));
}

}  // namespace musclemap::python
