#include <utility>

#include "bindings.hpp"
#include "task/label_map_file.hpp"
#include "task/radiomics_json.hpp"
#include "task/totalsegmentator/organ_labels.hpp"

namespace musclemap::python {
namespace {

using Map = std::pair<Volume, std::vector<Label>>;

ContrastPhase phase_of_labels(const Volume& image, const std::vector<Map>& given, Control& control) {
  std::vector<NamedLabelMap> maps;
  maps.reserve(given.size());
  for (const auto& [map, names] : given) maps.push_back({map, names});
  return control.run([&](const RunControl& run) { return contrast_phase(image, maps, run); });
}

Modality modality_of_image(const Volume& image, Control& control) {
  return control.run([&](const RunControl& run) { return image_modality(image, run); });
}

Modality modality_of_labels(const Volume& image, const Volume& labels, const std::vector<Label>& names,
                            Control& control) {
  return control.run([&](const RunControl& run) { return normalised_modality(image, {labels, names}, run); });
}

Volume mask_of_union(const Volume& labels, const std::vector<Label>& names, const std::string& mask) {
  return without_gil([&] { return combined_mask({labels, names}, classes_of_union(mask)); });
}

std::string radiomics_json(const Volume& image, const Volume& labels, const std::vector<Label>& names,
                           Control& control) {
  return control.run([&](const RunControl& run) {
    return task::radiomics_json(task::features_by_class(image, labels, names, run));
  });
}

std::vector<Label> names_of_label_map(const std::filesystem::path& file, const std::string& task,
                                      Control& control) {
  return control.run([&](const RunControl& run) {
    NiftiReadOptions options;
    options.first_volume = true;
    return task::names_of_map(*open_nifti(file, options), file, task, run);
  });
}

}  // namespace

void bind_organs(py::module_& module) {
  py::class_<ContrastPhase>(module, "ContrastPhase")
      .def_readonly("pi_time_s", &ContrastPhase::pi_time_s)
      .def_readonly("phase", &ContrastPhase::phase)
      .def_readonly("probability", &ContrastPhase::probability)
      .def_readonly("pi_time_min_s", &ContrastPhase::pi_time_min_s)
      .def_readonly("pi_time_max_s", &ContrastPhase::pi_time_max_s)
      .def_readonly("stddev_s", &ContrastPhase::stddev_s)
      .def_readonly("head_neck_missing", &ContrastPhase::head_neck_missing);
  py::class_<Modality>(module, "Modality")
      .def_readonly("modality", &Modality::modality)
      .def_readonly("probability", &Modality::probability);
  module.def("phase_of_labels", &phase_of_labels, py::arg("image"), py::arg("maps"), py::arg("control"));
  module.def("modality_of_image", &modality_of_image, py::arg("image"), py::arg("control"));
  module.def("modality_of_labels", &modality_of_labels, py::arg("image"), py::arg("labels"), py::arg("names"),
             py::arg("control"));
  module.def("mask_of_union", &mask_of_union, py::arg("labels"), py::arg("names"), py::arg("mask"));
  module.def("radiomics_json", &radiomics_json, py::arg("image"), py::arg("labels"), py::arg("names"),
             py::arg("control"));
  module.def("names_of_label_map", &names_of_label_map, py::arg("file"), py::arg("task"), py::arg("control"));
  module.def("labels_of_known_task", &task::labels_of_known_task, py::arg("name"));
}

}  // namespace musclemap::python
