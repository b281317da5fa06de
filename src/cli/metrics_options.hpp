// Options that decide what is measured and written; shared by `metrics` and `run`.
#ifndef MUSCLEMAP_CLI_METRICS_OPTIONS_HPP_
#define MUSCLEMAP_CLI_METRICS_OPTIONS_HPP_

#include <CLI/CLI.hpp>
#include <string>

#include "cli/console.hpp"
#include "musclemap/metrics.hpp"

namespace musclemap::cli {

/// All that both commands call by one name. `request` must outlive the parsing.
void add_metrics_flags(CLI::App& app, MetricsRequest* request);

/// -f and -w.
void add_dixon_images(CLI::App& app, MetricsRequest* request);

/// The clusters of kmeans and gmm.
CLI::Option* add_components(CLI::App& app, const std::string& flag, MetricsRequest* request);

/// extract_metrics() with progress, warnings and results on the console.
void measure_files(const MetricsRequest& request, RunControl control, Console* console);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_METRICS_OPTIONS_HPP_
