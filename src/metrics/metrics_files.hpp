// Names of the files that measuring an image makes (docs/chains/metrics.md, section 8).
#ifndef MUSCLEMAP_METRICS_METRICS_FILES_HPP_
#define MUSCLEMAP_METRICS_METRICS_FILES_HPP_

#include <filesystem>
#include <string>
#include <vector>

#include "io/files/output_guard.hpp"
#include "musclemap/metrics.hpp"

namespace musclemap::metrics {

/// kmeans, gmm and hu divide labels into tissues; average and dixon take means.
bool divides(MetricsMethod method);

/// Image that the files are named after: the fat image of dixon.
const std::filesystem::path& leading_image(const MetricsRequest& request);

/// One map that is written.
struct MapFile {
  enum class Kind { mask, combined, probability };
  Kind kind;
  Tissue tissue;          ///< of masks and probabilities
  std::size_t component;  ///< of probabilities, in the order of a fit's components
  std::filesystem::path path;
};

struct MetricsFiles {
  std::filesystem::path table;
  std::filesystem::path slices;             ///< empty: none
  std::filesystem::path slices_dictionary;  ///< the same
  std::filesystem::path sidecar;            ///< the same
  std::vector<MapFile> maps;
  std::string other_map;  ///< whose results have the usual names already, so that these have others; or empty

  /// All of them and `picture`, the table first.
  std::vector<std::filesystem::path> all(const std::filesystem::path& picture) const;
};

/// MuscleMap's names; with the label map's name in them where those belong to the results of another label
/// map. Error `argument` where these do too.
MetricsFiles metrics_files(const MetricsRequest& request);

/// Folder of the label map as seen from that of the results.
std::filesystem::path labels_folder(const MetricsRequest& request);

/// Error `argument` if a file would replace one that the request or `guard` reads, or another of `files`.
void check_metrics_outputs(const MetricsRequest& request, const MetricsFiles& files, io::OutputGuard* guard);

}  // namespace musclemap::metrics

#endif  // MUSCLEMAP_METRICS_METRICS_FILES_HPP_
