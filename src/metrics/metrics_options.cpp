#include "metrics/metrics_options.hpp"

#include "metrics/metrics_files.hpp"
#include "musclemap/error.hpp"

namespace musclemap::metrics {

std::string missing_input(const MetricsRequest& request) {
  if (request.labels.empty()) return "labels";
  if (request.method != MetricsMethod::dixon) return request.image.empty() ? "image" : "";
  return request.fat.empty() ? "fat" : request.water.empty() ? "water" : "";
}

void check_request(const MetricsRequest& request) {
  base::check_options(request, "request.");
  base::check_options(request.tissue, "request.tissue.");
  base::check_options(request.table, "request.table.");
  const std::string method = base::word_of(request.method);
  if (const std::string missing = missing_input(request); !missing.empty())
    throw Error(ErrorCode::argument, "the method " + method + " needs `" + missing + "`");
  if (!divides(request.method) && !(request.edits.empty() && request.edits_file.empty()))
    throw Error(ErrorCode::argument, "edits belong to kmeans, gmm and hu, not to " + method);
}

}  // namespace musclemap::metrics
