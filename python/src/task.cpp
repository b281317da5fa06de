#include <array>

#include "bindings.hpp"
#include "image/volume_reader.hpp"
#include "options.hpp"
#include "quant/organs/class_name.hpp"
#include "quant/organs/organ_statistics.hpp"
#include "task/task_options.hpp"

namespace musclemap::python {
namespace {

Task open(const std::filesystem::path& name_or_path, const py::dict& given, Control& control) {
  const auto options = options_from<TaskOptions>(given);
  return control.run([&](const RunControl& run) { return Task::open(name_or_path.native(), options, run); });
}

py::tuple networks_of(const Task& task) {
  py::list networks;
  for (const TaskNetwork& network : task.networks())
    networks.append(py::make_tuple(network.file, network.sha256));
  return py::tuple(networks);
}

// JSON of the classes of an image, by their names.
std::string class_statistics(const Volume& image, const Volume& labels, const std::vector<Label>& names,
                             const py::dict& given, Control& control) {
  quant::OrganStatisticsOptions how;
  how.border_classes = given["include_incomplete"].cast<bool>();
  how.median = given["aggregation"].cast<std::string>() == "median";
  how.normalised = given["normalised"].cast<bool>();
  how.extra = given["extra"].cast<bool>();
  std::vector<quant::OrganClass> classes;
  classes.reserve(names.size());
  for (const Label& label : names) classes.push_back({label.value, quant::class_name(label)});
  const Spacing spacing = image.geometry().spacing();
  const std::array<float, 3> zooms_mm{static_cast<float>(spacing[0]), static_cast<float>(spacing[1]),
                                      static_cast<float>(spacing[2])};
  return control.run([&](const RunControl& run) {
    image::VolumeReader image_slabs(image, "image");
    image::VolumeReader label_slabs(labels, "label map");
    return quant::organ_statistics_json(
        quant::organ_statistics(image_slabs, label_slabs, zooms_mm, classes, how, run), how.extra);
  });
}

}  // namespace

void bind_task(py::module_& module) {
  py::class_<Task>(module, "Task")
      .def_static("open", &open, py::arg("name_or_path"), py::arg("options"), py::arg("control"))
      .def_property_readonly("name", &Task::name)
      .def_property_readonly("version", &Task::version)
      .def_property_readonly("labels", [](const Task& self) { return py::tuple(py::cast(self.labels())); })
      .def_property_readonly("networks", &networks_of)
      .def_property_readonly("images", &Task::images)
      .def_property_readonly("json", &Task::json)
      .def_property_readonly("sha256", &Task::sha256);
  module.def("class_statistics", &class_statistics, py::arg("image"), py::arg("labels"), py::arg("names"),
             py::arg("options"), py::arg("control"));
}

}  // namespace musclemap::python
