#include "bindings.hpp"
#include "task/bundle_state.hpp"
#include "task/model_options.hpp"

namespace musclemap::python {
namespace {

ModelBundle open(const std::filesystem::path& path, bool trust, bool allow_missing_description,
                 const std::optional<CancelToken>& cancel) {
  ModelOpenOptions options;
  options.trust = trust;
  options.allow_missing_description = allow_missing_description;
  Control control(py::none(), 0, 0, cancel);
  return control.run([&](const RunControl& run) { return ModelBundle::open(path, options, run); });
}

// Where it was opened, not its weights, which may be large.
py::tuple state_of(const ModelBundle& self) {
  const ModelBundle::State& state = self.state();
  return py::make_tuple(state.opened, state.options.trust, state.options.allow_missing_description,
                        self.sha256());
}

ModelBundle bundle_of(const py::tuple& state) {
  const auto path = state[0].cast<std::filesystem::path>();
  ModelBundle bundle = open(path, state[1].cast<bool>(), state[2].cast<bool>(), std::nullopt);
  const auto sha256 = state[3].cast<std::string>();
  if (bundle.sha256() == sha256) return bundle;
  throw Error(ErrorCode::model, Reason::model,
              "has SHA-256 " + bundle.sha256() + "; the pickled model had " + sha256, bundle.weights_file());
}

}  // namespace

void bind_model_bundle(py::module_& module) {
  py::class_<ModelBundle>(
      module, "ModelBundle",
      "Weights with everything that is needed to use them. Cheap shared handle; immutable. Pickles as its "
      "path:\nthe file is opened again, and must be the same.")
      .def_static(
          "open", &open, py::arg("path"), py::kw_only(), py::arg("trust") = false,
          py::arg("allow_missing_description") = false, py::arg("cancel") = py::none(),
          "Opens a .pth with its .json beside it, a TorchScript file (.pt, .ts) or a folder with\n"
          "manifest.json. Reads and checks everything, runs nothing.\n\n"
          "path: one of these. trust: run this TorchScript file although its SHA-256 is registered nowhere.\n"
          "allow_missing_description: open TorchScript without one, to look at it; it has no labels.\n"
          "cancel: a CancelToken.\n"
          "Errors: FileError, FormatError, ModelError, Cancelled; KeyboardInterrupt on Ctrl-C.")
      .def_property_readonly("name", &ModelBundle::name, "such as 'thigh'")
      .def_property_readonly("version", &ModelBundle::version, "such as '1.4'")
      .def_property_readonly("weights_file", &ModelBundle::weights_file, "pathlib.Path")
      .def_property_readonly("sha256", &ModelBundle::sha256, "of the weights file, hex")
      .def_property_readonly(
          "format", [](const ModelBundle& self) { return base::word_of(self.format()); },
          "'state_dict' or 'torchscript'")
      .def_property_readonly("trusted", &ModelBundle::trusted,
                             "False for TorchScript that is registered nowhere and not trusted by the caller")
      .def_property_readonly(
          "labels", [](const ModelBundle& self) { return py::tuple(py::cast(self.labels())); },
          "tuple of Label, ascending by value; channel k of the network is labels[k - 1]")
      .def_property_readonly(
          "target_spacing",
          [](const ModelBundle& self) { return py::tuple(py::cast(self.target_spacing())); },
          "mm along x, y, z; 0 or less keeps that axis")
      .def_property_readonly(
          "window", [](const ModelBundle& self) { return py::tuple(py::cast(self.window())); },
          "voxels after resampling")
      .def_property_readonly("out_channels", &ModelBundle::out_channels, "labels and the background")
      .def_property_readonly("parameter_count", &ModelBundle::parameter_count, "numbers in the weights")
      .def_property_readonly(
          "operators", [](const ModelBundle& self) { return py::tuple(py::cast(self.operators())); },
          "TorchScript operators in use, sorted")
      .def_property_readonly(
          "refused_operators",
          [](const ModelBundle& self) { return py::tuple(py::cast(self.refused_operators())); },
          "what is outside of the allow-list")
      .def_property_readonly("problem", &ModelBundle::problem, "why it may not be run; empty when it may")
      .def_property_readonly("network", &ModelBundle::network, "one line about the network")
      .def("__repr__",
           [](const ModelBundle& self) {
             return "ModelBundle(" + py::repr(py::str(self.name())).cast<std::string>() + ", version " +
                    (self.version().empty() ? "not stated" : self.version()) + ", " +
                    std::to_string(self.labels().size()) + " labels)";
           })
      .def(py::pickle(&state_of, &bundle_of));
  module.def("find_model", &find_model, py::arg("region"), py::arg("version"));
  module.def("known_regions", [] { return known_regions(); });
}

}  // namespace musclemap::python
