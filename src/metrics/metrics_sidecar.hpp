// What stands beside a table: its columns, the settings, how every label was divided.
#ifndef MUSCLEMAP_METRICS_METRICS_SIDECAR_HPP_
#define MUSCLEMAP_METRICS_METRICS_SIDECAR_HPP_

#include <filesystem>
#include <string>
#include <vector>

#include "musclemap/metrics.hpp"
#include "musclemap/nifti.hpp"
#include "quant/table/table_scale.hpp"

namespace musclemap::metrics {

/// What the JSON tells beside the table.
struct MetricsRecord {
  const MetricsRequest& request;
  const std::vector<TissueFit>& fits;
  const Metrics& metrics;
  const quant::TableScale& scale;
};

/// The BIDS data dictionary of the table and, under "musclemap", the record.
std::string metrics_sidecar_text(const MetricsRecord& record);

/// Name of the label map whose results `json` describes, where that is another one than the request's; empty
/// where it is the same, or where the file says nothing about it.
std::string other_label_map(const std::filesystem::path& json, const MetricsRequest& request);

/// The table as JSON with the record under "musclemap".
std::string metrics_json_text(const MetricsRecord& record);

}  // namespace musclemap::metrics

#endif  // MUSCLEMAP_METRICS_METRICS_SIDECAR_HPP_
