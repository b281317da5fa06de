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

Tables measure_tissue(TissueMapHolder& tissue, const std::vector<Label>& names, const py::object& progress,
                      int threads) {
  const Turn turn(tissue.mutex);
  const Control control(progress, threads, 0);
  const MeasureOptions options{std::nullopt, control.run()};
  Metrics metrics = without_gil([&] { return measure(tissue.map, names, options); });
  control.warn();
  return tables_of(std::move(metrics));
}

Tables measure_values(const Volume& labels, const Volume& values, const std::string& kind,
                      const std::vector<Label>& names, const py::object& progress, int threads) {
  if (kind != "intensity" && kind != "fat_fraction") {
    throw Error(ErrorCode::argument, "kind is '" + kind + "'; intensity and fat_fraction are allowed");
  }
  const ValueKind value_kind = kind == "intensity" ? ValueKind::intensity : ValueKind::fat_fraction;
  const Control control(progress, threads, 0);
  const MeasureOptions options{std::nullopt, control.run()};
  Metrics metrics = without_gil([&] { return measure_mean(labels, values, value_kind, names, options); });
  control.warn();
  return tables_of(std::move(metrics));
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
  request.tissue.components = settings["components"].cast<int>();
  request.tissue.operators = settings["operators"].cast<std::string>() == "consistent"
                                 ? TissueOperators::consistent
                                 : TissueOperators::upstream;
  if (!settings["edits"].is_none()) request.edits = read_tissue_edits(path("edits"));
  request.output_folder = path("output_folder");
  request.table.format = format_of(settings["format"].cast<std::string>());
  request.table.all_columns = settings["all_columns"].cast<bool>();
  request.per_slice = settings["per_slice"].cast<bool>();
  request.maps = maps_of(settings["maps"].cast<std::string>());
  request.sidecar = settings["sidecar"].cast<bool>();
  request.picture = path("picture");
  return request;
}

py::tuple extract(const py::dict& settings, const py::object& progress, int threads,
                  std::size_t memory_budget) {
  const MetricsRequest request = request_of(settings);
  const Control control(progress, threads, memory_budget);
  MetricsReport report = without_gil([&] { return extract_metrics(request, control.run()); });
  control.warn();
  return py::make_tuple(report.table, report.files, tables_of(std::move(report.metrics)));
}

}  // namespace

void bind_measure(py::module_& module) {
  module.def("measure_tissue", &measure_tissue, py::arg("tissue"), py::arg("names"), py::arg("progress"),
             py::arg("threads"));
  module.def("measure_values", &measure_values, py::arg("labels"), py::arg("values"), py::arg("kind"),
             py::arg("names"), py::arg("progress"), py::arg("threads"));
  module.def("extract_metrics", &extract, py::arg("settings"), py::arg("progress"), py::arg("threads"),
             py::arg("memory_budget"));
  module.def(
      "qc_montage_png",
      [](const Volume& image, const Volume& labels, const std::vector<Label>& names,
         const std::string& title) {
        MontageOptions options;
        options.title = title;
        return py::bytes(without_gil([&] { return qc_montage_png(image, labels, names, options); }));
      },
      py::arg("image"), py::arg("labels"), py::arg("names"), py::arg("title"));
  module.def(
      "tissue_montage_png",
      [](TissueMapHolder& tissue, const std::vector<Label>& names, const std::string& title) {
        const Turn turn(tissue.mutex);
        MontageOptions options;
        options.title = title;
        const TissueMap& map = tissue.map;
        return py::bytes(without_gil([&] {
          const TissueOverlay overlay{map.labels(), map.tissue(), map.fits(), map.options()};
          return tissue_montage_png(map.image(), overlay, names, options);
        }));
      },
      py::arg("tissue"), py::arg("names"), py::arg("title"));
}

}  // namespace musclemap::python
