// Options of measuring files, and what they need.
#ifndef MUSCLEMAP_METRICS_METRICS_OPTIONS_HPP_
#define MUSCLEMAP_METRICS_METRICS_OPTIONS_HPP_

#include <string>

#include "base/option.hpp"
#include "musclemap/metrics.hpp"
#include "quant/table/table_options.hpp"
#include "quant/tissue_options.hpp"

namespace musclemap::base {

template <>
struct Words<MetricsMethod> {
  static constexpr WordList<MetricsMethod, 5> kList{{{MetricsMethod::average, "average"},
                                                     {MetricsMethod::dixon, "dixon"},
                                                     {MetricsMethod::kmeans, "kmeans"},
                                                     {MetricsMethod::gmm, "gmm"},
                                                     {MetricsMethod::hu, "hu"}}};
};

template <>
struct Words<MapChoice> {
  static constexpr WordList<MapChoice, 3> kList{
      {{MapChoice::none, "none"}, {MapChoice::masks, "masks"}, {MapChoice::all, "all"}}};
};

template <>
struct Options<MetricsRequest> {
  using O = MetricsRequest;
  static constexpr auto kList = std::make_tuple(
      option("method", &O::method, "how the voxels under the labels are measured"),
      option("image", &O::image, "image (kmeans, gmm, average, hu)"),
      option("fat", &O::fat, "fat image (dixon)"), option("water", &O::water, "water image (dixon)"),
      option("labels", &O::labels, "label map"), option("names", &O::names, "of the labels"),
      option("names_file", &O::names_file,
             "a model, JSON, a table (CSV, TSV, BIDS) or a viewer's colour table"),
      option("region", &O::region, "built-in table of label names"),
      option("model_version", &O::model_version, "version of that table"),
      option("tissue", &O::tissue, "how labels are divided"),
      option("edits", &O::edits, "threshold shifts and erase masks by anatomy group"),
      option("edits_file", &O::edits_file, "JSON of threshold shifts and erase masks by anatomy group"),
      option("output_folder", &O::output_folder, "folder for the results (default: next to the image)"),
      option("table", &O::table, "format and columns"),
      option("per_slice", &O::per_slice, "also a table with a row for each label and slice"),
      option("section_axis", &O::section_axis,
             "stored axis of areas, slices and pictures: the one nearest to superior, the one of the largest "
             "spacing (stored), or a named one"),
      option("geometry_tolerance", &O::geometry_tolerance,
             "most that corners of image and label map may lie apart, in voxels; above 0.001 with a warning",
             from(0)),
      option("maps", &O::maps, "maps of the classes; all: probabilities (gmm) too"),
      option("compat_types", &O::compat_types, "maps in the label map's type, as MuscleMap writes them"),
      option("sidecar", &O::sidecar, "write a JSON beside the table"),
      option("header_text", &O::header_text,
             "maps: keep extensions and free text of the header, in which names and dates travel"),
      option("picture", &O::picture, "also draw the classes over the image into this PNG file"));
};

}  // namespace musclemap::base

namespace musclemap::metrics {

/// Name of the option for a file that the method needs and the request lacks; empty where it has all.
std::string missing_input(const MetricsRequest& request);

/// Error `argument` for options that are not what they may be, a missing input, and edits of a method that
/// divides nothing.
void check_request(const MetricsRequest& request);

}  // namespace musclemap::metrics

#endif  // MUSCLEMAP_METRICS_METRICS_OPTIONS_HPP_
