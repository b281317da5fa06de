#include <optional>
#include <utility>

#include "bindings.hpp"
#include "tissue_binding.hpp"

namespace musclemap::python {
namespace {

namespace fs = std::filesystem;

// The warnings as pairs of text and code.
using Tables = std::tuple<MetricsTable, MetricsTable, std::vector<std::pair<std::string, std::string>>>;

Tables tables_of(Metrics metrics) {
  std::vector<std::pair<std::string, std::string>> warnings;
  for (const Warning& warning : metrics.warnings) {
    warnings.emplace_back(warning.text, warning_name(warning.code));
  }
  return {std::move(metrics.labels), std::move(metrics.slices), std::move(warnings)};
}

Tables measure_tissue(TissueMapHolder& tissue, const std::vector<Label>& names, const std::string& section,
                      Control& control) {
  const Turn turn(tissue.mutex);
  return tables_of(control.run([&](const RunControl& run) {
    return measure(tissue.map, names, MeasureOptions{std::nullopt, run, section_axis(section)});
  }));
}

Tables measure_values(const Volume& labels, const Volume& values, const std::string& kind,
                      const std::vector<Label>& names, const std::string& section, double tolerance,
                      Control& control) {
  if (kind != "intensity" && kind != "fat_fraction") {
    throw Error(ErrorCode::argument, "kind is '" + kind + "'; intensity and fat_fraction are allowed");
  }
  const ValueKind value_kind = kind == "intensity" ? ValueKind::intensity : ValueKind::fat_fraction;
  return tables_of(control.run([&](const RunControl& run) {
    return measure_mean(labels, values, value_kind, names,
                        MeasureOptions{std::nullopt, run, section_axis(section), tolerance});
  }));
}

MapChoice maps_of(const std::string& name) {
  if (name == "none") return MapChoice::none;
  if (name == "masks") return MapChoice::masks;
  if (name == "all") return MapChoice::all;
  throw Error(ErrorCode::argument, "maps is '" + name + "'; none, masks and all are allowed");
}

TableFormat format_of(const std::string& name) {
  if (name == "csv") return TableFormat::csv;
  if (name == "tsv") return TableFormat::tsv;
  if (name == "json") return TableFormat::json;
  throw Error(ErrorCode::argument, "format is '" + name + "'; csv, tsv and json are allowed");
}

// Keys as extract_metrics() of files.py fills them.
MetricsRequest request_of(const py::dict& settings) {
  MetricsRequest request;
  const auto path = [&](const char* key) {
    return settings[key].is_none() ? fs::path() : settings[key].cast<fs::path>();
  };
  request.method = metrics_method(settings["method"].cast<std::string>());
  request.image = path("image");
  request.fat = path("fat");
  request.water = path("water");
  request.labels = path("labels");
  request.names = settings["names"].cast<std::vector<Label>>();
  request.names_file = path("names_file");
  request.tissue = settings["tissue"].cast<const TissueClassifier&>().options();
  request.edits_file = path("edits");
  request.output_folder = path("output_folder");
  request.table.format = format_of(settings["format"].cast<std::string>());
  request.table.all_columns = settings["all_columns"].cast<bool>();
  request.table.columns = settings["columns"].cast<std::vector<std::string>>();
  request.table.raw_cells = settings["raw_cells"].cast<bool>();
  request.per_slice = settings["per_slice"].cast<bool>();
  request.section_axis = section_axis(settings["section_axis"].cast<std::string>());
  request.geometry_tolerance = settings["geometry_tolerance"].cast<double>();
  request.maps = maps_of(settings["maps"].cast<std::string>());
  request.compat_types = settings["compat_types"].cast<bool>();
  request.sidecar = settings["sidecar"].cast<bool>();
  request.header_text = settings["header_text"].cast<bool>();
  request.picture = path("picture");
  return request;
}

py::tuple extract(const py::dict& settings, Control& control) {
  const MetricsRequest request = request_of(settings);
  MetricsReport report = control.run([&](const RunControl& run) { return extract_metrics(request, run); });
  return py::make_tuple(report.table, report.files, tables_of(std::move(report.metrics)));
}

}  // namespace

void bind_measure(py::module_& module) {
  module.def("measure_tissue", &measure_tissue, py::arg("tissue"), py::arg("names"), py::arg("section_axis"),
             py::arg("control"));
  module.def("measure_values", &measure_values, py::arg("labels"), py::arg("values"), py::arg("kind"),
             py::arg("names"), py::arg("section_axis"), py::arg("geometry_tolerance"), py::arg("control"));
  module.def("extract_metrics", &extract, py::arg("settings"), py::arg("control"));
  module.def(
      "qc_montage_png",
      [](const Volume& image, const Volume& labels, const std::vector<Label>& names, const std::string& title,
         const std::string& section, double tolerance) {
        Control control(py::none(), 0, 0, std::nullopt);
        return py::bytes(control.run([&](const RunControl& run) {
          MontageOptions options;
          options.title = title;
          options.section_axis = section_axis(section);
          options.geometry_tolerance = tolerance;
          options.on_warning = run.on_warning;
          return qc_montage_png(image, labels, names, options);
        }));
      },
      py::arg("image"), py::arg("labels"), py::arg("names"), py::arg("title"), py::arg("section_axis"),
      py::arg("geometry_tolerance"));
  module.def(
      "tissue_montage_png",
      [](TissueMapHolder& tissue, const std::vector<Label>& names, const std::string& title,
         const std::string& section) {
        const Turn turn(tissue.mutex);
        MontageOptions options;
        options.title = title;
        options.section_axis = section_axis(section);
        const TissueMap& map = tissue.map;
        return py::bytes(without_gil([&] {
          const TissueOverlay overlay{map.labels(), map.tissue(), map.fits(), map.options()};
          return tissue_montage_png(map.image(), overlay, names, options);
        }));
      },
      py::arg("tissue"), py::arg("names"), py::arg("title"), py::arg("section_axis"));
}

}  // namespace musclemap::python
