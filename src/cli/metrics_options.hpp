// Options that decide what is measured and written; shared by `metrics` and `run`.
#ifndef MUSCLEMAP_CLI_METRICS_OPTIONS_HPP_
#define MUSCLEMAP_CLI_METRICS_OPTIONS_HPP_

#include <CLI/CLI.hpp>
#include <string>

#include "cli/console.hpp"
#include "musclemap/metrics.hpp"

namespace musclemap::cli {

struct MetricsOptions {
  int components = 0;
  std::string table = "basic";
  std::string format = "csv";
  std::string maps = "all";
  std::string operators = "upstream";
  std::string stop = "compat";
  std::string muscle_range;
  std::string fat_range;
  std::string section_axis = "superior";
  double geometry_tolerance = kGeometryTolerance;
  bool per_slice = false;
  bool compat_types = false;
  bool no_collapse_guard = false;
  bool divide_bones = false;
  bool raw_cells = false;
  bool no_sidecar = false;
  bool no_header_text = false;

  /// Error `argument`.
  void apply(MetricsRequest* request) const;
};

/// All flags but those of components and sidecar, whose names depend on the command.
void add_metrics_flags(CLI::App& app, MetricsOptions* options);

/// extract_metrics() with progress, warnings and results on the console.
void measure_files(const MetricsRequest& request, RunControl control, Console* console);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_METRICS_OPTIONS_HPP_
