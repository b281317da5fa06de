#include <optional>
#include <utility>

#include "bindings.hpp"
#include "draw/montage_options.hpp"
#include "metrics/metrics_options.hpp"
#include "options.hpp"
#include "tissue_binding.hpp"

namespace musclemap::python {
namespace {

// The warnings as pairs of text and code.
using Tables = std::tuple<MetricsTable, MetricsTable, std::vector<std::pair<std::string, std::string>>>;

Tables tables_of(Metrics metrics) {
  std::vector<std::pair<std::string, std::string>> warnings;
  for (const Warning& warning : metrics.warnings) {
    warnings.emplace_back(warning.text, warning_name(warning.code));
  }
  return {std::move(metrics.labels), std::move(metrics.slices), std::move(warnings)};
}

Tables measure_tissue(TissueMapHolder& tissue, const std::vector<Label>& names, const py::dict& given,
                      Control& control) {
  const Turn turn(tissue.mutex);
  auto options = options_from<MeasureOptions>(given);
  return tables_of(control.run([&](const RunControl& run) {
    options.control = run;
    return measure(tissue.map, names, options);
  }));
}

Tables measure_values(const Volume& labels, const Volume& values, const std::string& kind,
                      const std::vector<Label>& names, const py::dict& given, Control& control) {
  const auto value_kind = base::from_word<ValueKind>(kind, "kind");
  auto options = options_from<MeasureOptions>(given);
  return tables_of(control.run([&](const RunControl& run) {
    options.control = run;
    return measure_mean(labels, values, value_kind, names, options);
  }));
}

py::tuple extract(const py::dict& settings, Control& control) {
  const auto request = options_from<MetricsRequest>(settings);
  MetricsReport report = control.run([&](const RunControl& run) { return extract_metrics(request, run); });
  return py::make_tuple(report.table, report.files, tables_of(std::move(report.metrics)));
}

using LabelPicture = std::string (*)(const Volume&, const Volume&, const std::vector<Label>&,
                                     const MontageOptions&);

// A picture of labels on an image.
void bind_picture(py::module_& module, const char* name, LabelPicture picture) {
  module.def(
      name,
      [picture](const Volume& image, const Volume& labels, const std::vector<Label>& names,
                const py::dict& given) {
        Control control(py::none(), 0, 0, std::nullopt);
        auto options = options_from<MontageOptions>(given);
        return py::bytes(control.run([&](const RunControl& run) {
          options.on_warning = run.on_warning;
          return picture(image, labels, names, options);
        }));
      },
      py::arg("image"), py::arg("labels"), py::arg("names"), py::arg("options"));
}

}  // namespace

void bind_measure(py::module_& module) {
  module.def("measure_tissue", &measure_tissue, py::arg("tissue"), py::arg("names"), py::arg("options"),
             py::arg("control"));
  module.def("measure_values", &measure_values, py::arg("labels"), py::arg("values"), py::arg("kind"),
             py::arg("names"), py::arg("options"), py::arg("control"));
  module.def("extract_metrics", &extract, py::arg("settings"), py::arg("control"));
  bind_picture(module, "qc_montage_png", &qc_montage_png);
  bind_picture(module, "organ_preview_png", &organ_preview_png);
  module.def(
      "tissue_montage_png",
      [](TissueMapHolder& tissue, const std::vector<Label>& names, const py::dict& given) {
        const Turn turn(tissue.mutex);
        const auto options = options_from<MontageOptions>(given);
        const TissueMap& map = tissue.map;
        return py::bytes(without_gil([&] {
          const TissueOverlay overlay{map.labels(), map.tissue(), map.fits(), map.options()};
          return tissue_montage_png(map.image(), overlay, names, options);
        }));
      },
      py::arg("tissue"), py::arg("names"), py::arg("options"));
}

}  // namespace musclemap::python
