#include "metrics/metrics_files.hpp"

#include <utility>

#include "base/text.hpp"
#include "io/files/file_identity.hpp"
#include "metrics/metrics_options.hpp"
#include "metrics/metrics_sidecar.hpp"
#include "musclemap/error.hpp"

namespace musclemap {
namespace metrics {
namespace {

bool clusters(MetricsMethod method) {
  return method == MetricsMethod::kmeans || method == MetricsMethod::gmm;
}

// The name without ".nii.gz"; any other ending stays.
std::string id_of(const std::filesystem::path& image) {
  const std::string ending = ".nii.gz";
  std::string name = image.filename().string();
  if (name.size() >= ending.size() && name.compare(name.size() - ending.size(), ending.size(), ending) == 0) {
    name.resize(name.size() - ending.size());
  }
  return name;
}

// "scan" and "scan_rater2" give "scan_rater2", "scan" and "rater2" too.
std::string id_with_map(const MetricsRequest& request) {
  const std::string id = id_of(leading_image(request));
  const std::string map = id_of(request.labels);
  return map.compare(0, id.size() + 1, id + "_") == 0 ? map : id + "_" + map;
}

std::string components_text(const MetricsRequest& request) {
  return std::to_string(request.tissue.components) + "component";
}

std::string stem_of(const MetricsRequest& request, const std::string& id) {
  const std::string stem = id + "_" + base::word_of(request.method);
  return clusters(request.method) ? stem + "_" + components_text(request) : stem;
}

std::filesystem::path folder_of(const MetricsRequest& request) {
  return request.output_folder.empty() ? leading_image(request).parent_path() : request.output_folder;
}

const char* ending_of(TableFormat format) {
  return format == TableFormat::csv ? ".csv" : format == TableFormat::tsv ? ".tsv" : ".json";
}

std::vector<MapFile> maps_of(const MetricsRequest& request, const std::string& id) {
  std::vector<MapFile> maps;
  if (!divides(request.method) || request.maps == MapChoice::none) return maps;
  const std::filesystem::path folder = folder_of(request);
  std::vector<Tissue> tissues{Tissue::muscle, Tissue::fat};
  const bool three = request.method == MetricsMethod::hu || request.tissue.components == 3;
  if (three) tissues.insert(tissues.begin() + 1, Tissue::undefined);
  const std::string stem = stem_of(request, id);
  for (const Tissue tissue : tissues) {
    maps.push_back(
        {MapFile::Kind::mask, tissue, 0, folder / (stem + "_" + tissue_name(tissue) + "_seg.nii.gz")});
  }
  maps.push_back({MapFile::Kind::combined, Tissue::none, 0, folder / (stem + "_combined_seg.nii.gz")});
  if (request.method != MetricsMethod::gmm || request.maps != MapChoice::all) return maps;
  for (std::size_t n = 0; n < tissues.size(); ++n) {
    const std::string name =
        id + "_gmm_" + tissue_name(tissues[n]) + "_" + components_text(request) + "_softseg.nii.gz";
    maps.push_back({MapFile::Kind::probability, tissues[n], n, folder / name});
  }
  return maps;
}

}  // namespace

bool divides(MetricsMethod method) { return clusters(method) || method == MetricsMethod::hu; }

const std::filesystem::path& leading_image(const MetricsRequest& request) {
  return request.method == MetricsMethod::dixon ? request.fat : request.image;
}

std::vector<std::filesystem::path> MetricsFiles::all(const std::filesystem::path& picture) const {
  std::vector<std::filesystem::path> paths{table};
  for (const std::filesystem::path& path : {slices, slices_dictionary, sidecar}) {
    if (!path.empty()) paths.push_back(path);
  }
  for (const MapFile& map : maps) paths.push_back(map.path);
  if (!picture.empty()) paths.push_back(picture);
  return paths;
}

std::filesystem::path labels_folder(const MetricsRequest& request) {
  const auto place = [](const std::filesystem::path& folder) {
    return io::whole_path(folder.empty() ? "." : folder);
  };
  return place(request.labels.parent_path()).lexically_relative(place(folder_of(request)));
}

namespace {

MetricsFiles files_named(const MetricsRequest& request, const std::string& id) {
  const std::filesystem::path folder = folder_of(request);
  const std::string stem = stem_of(request, id);
  const TableFormat format = request.table.format;
  MetricsFiles files;
  files.table = folder / (stem + "_results" + ending_of(format));
  if (request.per_slice) files.slices = folder / (stem + "_slices" + ending_of(format));
  // BIDS wants a dictionary beside each table; a JSON table describes itself.
  if (request.per_slice && request.sidecar && format == TableFormat::tsv) {
    files.slices_dictionary = folder / (stem + "_slices.json");
  }
  if (request.sidecar && format != TableFormat::json) files.sidecar = folder / (stem + "_results.json");
  files.maps = maps_of(request, id);
  return files;
}

}  // namespace

MetricsFiles metrics_files(const MetricsRequest& request) {
  base::check_options(request, "request.");
  base::check_options(request.table, "request.table.");
  const auto owner_of = [&](const std::string& id) {
    return other_label_map(folder_of(request) / (stem_of(request, id) + "_results.json"), request);
  };
  const std::string id = id_of(leading_image(request));
  const std::string owner = owner_of(id);
  if (owner.empty()) return files_named(request, id);
  MetricsFiles files = files_named(request, id_with_map(request));
  files.other_map = owner;
  const std::string next = owner_of(id_with_map(request));
  if (next.empty()) return files;
  throw Error(ErrorCode::argument, Reason::invalid,
              "holds the results of another label map, " + base::printable(next) +
                  "; give a folder of its own (-o) to those of " + base::printable(request.labels.string()),
              files.table);
}

void check_metrics_outputs(const MetricsRequest& request, const MetricsFiles& files, io::OutputGuard* guard) {
  guard->reads_image(request.image, "image");
  guard->reads_image(request.fat, "fat image");
  guard->reads_image(request.water, "water image");
  guard->reads_image(request.labels, "label map");
  guard->reads_model(request.names_file, "source of names");
  guard->reads(request.edits_file, "file of edits");
  for (const auto& entry : request.edits) guard->reads_image(entry.second.erase, "mask");
  for (const std::filesystem::path& path : files.all({})) guard->writes(path, "result");
  guard->writes(request.picture, "picture");
}

}  // namespace metrics

MetricsMethod metrics_method(const std::string& name) {
  return base::from_word<MetricsMethod>(name, "method");
}

std::filesystem::path metrics_table_path(const MetricsRequest& request) {
  return metrics::metrics_files(request).table;
}

}  // namespace musclemap
