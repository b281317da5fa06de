#include <memory>
#include <optional>
#include <utility>

#include "bindings.hpp"
#include "options.hpp"
#include "tissue_binding.hpp"

namespace musclemap::python {
namespace {

Tissue tissue_of(const std::string& name) {
  for (const Tissue tissue : {Tissue::muscle, Tissue::fat, Tissue::undefined}) {
    if (name == tissue_name(tissue)) return tissue;
  }
  throw Error(ErrorCode::argument, "tissue is '" + name + "'; muscle, fat and undefined are allowed");
}

py::tuple component_state(const TissueComponent& self) {
  return py::make_tuple(self.weight, self.mean, self.variance);
}

TissueComponent component_of(const py::tuple& state) {
  return {state[0].cast<double>(), state[1].cast<double>(), state[2].cast<double>()};
}

py::tuple fit_state(const TissueFit& self) {
  return py::make_tuple(self.label, self.voxels, static_cast<int>(self.status), self.muscle_max, self.fat_min,
                        self.components, self.objective, self.iterations, self.starts, self.stable);
}

TissueFit fit_of(const py::tuple& state) {
  TissueFit fit;
  fit.label = state[0].cast<std::int32_t>();
  fit.voxels = state[1].cast<std::int64_t>();
  fit.status = static_cast<LabelStatus>(state[2].cast<int>());
  fit.muscle_max = state[3].cast<double>();
  fit.fat_min = state[4].cast<double>();
  fit.components = state[5].cast<std::vector<TissueComponent>>();
  fit.objective = state[6].cast<double>();
  fit.iterations = state[7].cast<int>();
  fit.starts = state[8].cast<int>();
  fit.stable = state[9].cast<bool>();
  return fit;
}

void bind_fit(py::module_& module) {
  py::class_<TissueComponent>(module, "TissueComponent",
                              "One Gaussian; for k-means and hu the share, mean and variance of its voxels.")
      .def_readonly("weight", &TissueComponent::weight, "0 to 1")
      .def_readonly("mean", &TissueComponent::mean, "image intensity")
      .def_readonly("variance", &TissueComponent::variance, "divided by N")
      .def(py::pickle(&component_state, &component_of));
  py::class_<TissueFit>(module, "TissueFit", "How one label is divided. Immutable.")
      .def_readonly("label", &TissueFit::label, "value in the label map")
      .def_readonly("voxels", &TissueFit::voxels, "of the label")
      .def_property_readonly(
          "status", [](const TissueFit& self) { return status_name(self.status); },
          "ok, too_few_voxels, not_separable, nonfinite, collapsed, implausible, overlapping or bone")
      .def_readonly("muscle_max", &TissueFit::muscle_max,
                    "largest intensity of muscle; nan where not divided")
      .def_readonly("fat_min", &TissueFit::fat_min, "smallest intensity of fat; nan with two components")
      .def_property_readonly(
          "components", [](const TissueFit& self) { return py::tuple(py::cast(self.components)); },
          "muscle, fat or muscle, undefined, fat")
      .def_readonly("objective", &TissueFit::objective,
                    "gmm: mean log-likelihood per voxel; kmeans: within-cluster sum of squares")
      .def_readonly("iterations", &TissueFit::iterations, "gmm: EM steps of the start that won")
      .def_readonly("starts", &TissueFit::starts, "gmm: starts that were tried")
      .def_readonly("stable", &TissueFit::stable,
                    "gmm: no other start within 1e-3 of the bound moves muscle or fat by over 2 points")
      .def_property_readonly("divided", &TissueFit::divided, "whether there are thresholds and components")
      .def("__repr__",
           [](const TissueFit& self) {
             return "TissueFit(label " + std::to_string(self.label) + ", " + std::to_string(self.voxels) +
                    " voxels, " + status_name(self.status) + ")";
           })
      .def(py::pickle(&fit_state, &fit_of));
}

std::unique_ptr<TissueMapHolder> classify(const TissueClassifier& self, const py::object& image,
                                          const py::object& labels, Control& control) {
  const auto& image_volume = image.cast<const Volume&>();
  const auto& label_volume = labels.cast<const Volume&>();
  TissueMap map =
      control.run([&](const RunControl& run) { return self.classify(image_volume, label_volume, run); });
  return std::make_unique<TissueMapHolder>(std::move(map), image, labels);
}

TissueClassifier make(const py::dict& given) { return TissueClassifier(options_from<TissueOptions>(given)); }

void bind_map(py::module_& module) {
  py::class_<TissueMapHolder>(module, "TissueMap",
                              "An image divided inside its labels. Thresholds can be moved and voxels taken "
                              "out; recompute() divides anew\n"
                              "without clustering again. Image and labels must not change meanwhile. One "
                              "thread at a time: a second one\n"
                              "gets ArgumentError, reason 'busy'.")
      .def_property_readonly(
          "image", [](const TissueMapHolder& self) { return self.image; }, "the Volume that is divided")
      .def_property_readonly(
          "labels", [](const TissueMapHolder& self) { return self.labels; }, "the label map, a Volume")
      .def_property_readonly(
          "method", [](const TissueMapHolder& self) { return base::word_of(self.map.options().method); },
          "'gmm', 'kmeans' or 'hu'")
      .def_property_readonly(
          "components", [](const TissueMapHolder& self) { return self.map.options().components; },
          "2: muscle, fat; 3: muscle, undefined, fat")
      .def_property_readonly(
          "fits",
          [](TissueMapHolder& self) {
            const Turn turn(self.mutex);
            return py::tuple(py::cast(self.map.fits()));
          },
          "tuple of TissueFit, ascending by label")
      .def_property_readonly(
          "tissue",
          [](TissueMapHolder& self) {
            const Turn turn(self.mutex);
            return Volume(self.map.tissue());
          },
          "uint8 Volume on the labels' grid: 0 none, 1 muscle, 4 fat, 7 undefined")
      .def(
          "mask",
          [](TissueMapHolder& self, const std::string& name) {
            const Turn turn(self.mutex);
            const Tissue tissue = tissue_of(name);
            return without_gil([&] { return self.map.mask(tissue); });
          },
          py::arg("tissue"),
          "uint8 Volume: 1 where the voxel is of that tissue, 'muscle', 'fat' or 'undefined'")
      .def(
          "posterior",
          [](TissueMapHolder& self, const std::string& name) {
            const Turn turn(self.mutex);
            const Tissue tissue = tissue_of(name);
            return without_gil([&] { return self.map.posterior_map(tissue); });
          },
          py::arg("tissue"),
          "float32 Volume: probability of that tissue, 0 outside the labels. Error: ArgumentError unless "
          "the\n"
          "method is gmm and has that component.")
      .def(
          "set_thresholds",
          [](TissueMapHolder& self, std::int32_t label, double muscle_max, std::optional<double> fat_min) {
            const Turn turn(self.mutex);
            self.map.set_thresholds(label, muscle_max, fat_min.value_or(TissueFit::kNone));
          },
          py::arg("label"), py::arg("muscle_max"), py::arg("fat_min") = py::none(),
          "Moves one label's thresholds (image intensities); takes effect with recompute().\n\n"
          "muscle_max: largest intensity of muscle. fat_min: smallest of fat; not used with two components.\n"
          "Error: ArgumentError for a label that is not divided, and for hu.")
      .def(
          "set_exclusion_mask",
          [](TissueMapHolder& self, const py::object& mask) {
            const py::object taken =
                py::module_::import("musclemap._volumes").attr("mask_for")(mask, self.labels);
            const Turn turn(self.mutex);
            self.map.set_exclusion_mask(taken.cast<const Volume&>());
          },
          py::arg("mask"),
          "mask: what as_volume() takes, on the labels' grid; an array has their place. Voxels that are not "
          "0\n"
          "leave every count and map. Takes effect with recompute(). Errors: GeometryError, those of "
          "as_volume().")
      .def(
          "recompute",
          [](TissueMapHolder& self, int threads, const std::optional<CancelToken>& cancel) {
            const Turn turn(self.mutex);
            Control control(py::none(), threads, 0, cancel);
            control.run([&](const RunControl& run) { self.map.recompute(run); });
          },
          py::arg("threads") = 0, py::arg("cancel") = py::none(),
          "Divides the voxels anew by the thresholds and the mask that are set.\n\n"
          "threads: most to use; 0: all. cancel: a CancelToken. Error: Cancelled.")
      .def("__repr__", [](const TissueMapHolder& self) {
        return std::string("TissueMap(") + base::word_of(self.map.options().method) + ", " +
               std::to_string(self.map.fits().size()) + " labels)";
      });
}

}  // namespace

void bind_tissue(py::module_& module) {
  bind_fit(module);
  bind_map(module);
  py::class_<TissueClassifier>(module, "TissueClassifier")
      .def(py::init(&make), py::arg("options"))
      .def("classify", &classify, py::arg("image"), py::arg("labels"), py::arg("control"));
  module.def(
      "fat_fraction",
      [](const Volume& fat, const Volume& water, double tolerance, Control& control) {
        return control.run([&](const RunControl& run) { return fat_fraction(fat, water, run, tolerance); });
      },
      py::arg("fat"), py::arg("water"), py::arg("geometry_tolerance"), py::arg("control"));
}

}  // namespace musclemap::python
