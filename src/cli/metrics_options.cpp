#include "cli/metrics_options.hpp"

#include <charconv>
#include <map>

#include "base/text.hpp"
#include "cli/arguments.hpp"
#include "cli/choices.hpp"
#include "musclemap/error.hpp"

namespace musclemap::cli {
namespace {

const std::map<std::string, TableFormat> kFormats{
    {"csv", TableFormat::csv}, {"tsv", TableFormat::tsv}, {"json", TableFormat::json}};
const std::map<std::string, MapChoice> kMaps{
    {"none", MapChoice::none}, {"masks", MapChoice::masks}, {"all", MapChoice::all}};
const std::map<std::string, TissueOperators> kOperators{{"upstream", TissueOperators::upstream},
                                                        {"consistent", TissueOperators::consistent}};
const std::map<std::string, MixtureStop> kStops{{"compat", MixtureStop::compat},
                                                {"converged", MixtureStop::converged}};

const std::map<std::string, SectionAxis> kSectionAxes{{"superior", SectionAxis::superior},
                                                      {"stored", SectionAxis::stored},
                                                      {"i", SectionAxis::i},
                                                      {"j", SectionAxis::j},
                                                      {"k", SectionAxis::k}};

IntensityRange parse_range(const std::string& text, const char* flag) {
  IntensityRange range{};
  const std::size_t colon = text.find(':');
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  if (colon != std::string::npos) {
    const char* const middle = begin + colon;
    const auto low = std::from_chars(begin, middle, range.low);
    const auto high = std::from_chars(middle + 1, end, range.high);
    if (low.ec == std::errc() && low.ptr == middle && high.ec == std::errc() && high.ptr == end &&
        range.low <= range.high) {
      return range;
    }
  }
  throw Error(ErrorCode::argument, std::string(flag) + " '" + base::printable(text, 60) +
                                       "' is not a range A:B with A not above B");
}

}  // namespace

void MetricsOptions::apply(MetricsRequest* request) const {
  if (components != 0) request->tissue.components = components;
  request->tissue.operators = kOperators.at(operators);
  request->tissue.stop = kStops.at(stop);
  request->tissue.collapse_guard = !no_collapse_guard;
  if (divide_bones) request->tissue.divide_bones = true;
  if (!muscle_range.empty()) request->tissue.muscle_range = parse_range(muscle_range, "--muscle-range");
  if (!fat_range.empty()) request->tissue.fat_range = parse_range(fat_range, "--fat-range");
  request->table.format = kFormats.at(format);
  request->table.raw_cells = raw_cells;
  request->table.all_columns = table == "full";
  if (table != "basic" && table != "full") request->table.columns = split_at_commas(table);
  request->per_slice = per_slice;
  request->section_axis = kSectionAxes.at(section_axis);
  request->geometry_tolerance = geometry_tolerance;
  request->maps = kMaps.at(maps);
  request->compat_types = compat_types;
  request->sidecar = !no_sidecar;
  request->header_text = !no_header_text;
}

void add_metrics_flags(CLI::App& app, MetricsOptions* options) {
  app.option_defaults()->group("Measures");
  app.add_option("--operators", options->operators,
                 "how voxels at a threshold count: upstream (as MuscleMap) or consistent")
      ->option_text("NAME")
      ->transform(one_of(kOperators))
      ->capture_default_str();
  app.add_option("--em", options->stop, "when gmm stops: compat (as MuscleMap) or converged")
      ->option_text("NAME")
      ->transform(one_of(kStops))
      ->capture_default_str();
  app.add_flag("--no-collapse-guard", options->no_collapse_guard,
               "keep mixtures with a component on one grey value, as MuscleMap does");
  app.add_flag("--divide-bones", options->divide_bones,
               "muscle and fat of bones too, not their volumes alone, in every table and picture");
  app.add_option("--muscle-range", options->muscle_range, "hu: CT numbers of muscle (default: -29:150)")
      ->option_text("A:B");
  app.add_option("--fat-range", options->fat_range, "hu: CT numbers of fat (default: -190:-30)")
      ->option_text("A:B");
  app.add_option(
         "--section-axis", options->section_axis,
         "stored axis of areas, slices and pictures: the one nearest to superior, the one of the largest "
         "spacing (stored), or a named one")
      ->option_text("superior|stored|i|j|k")
      ->transform(one_of(kSectionAxes))
      ->capture_default_str();
  app.add_option("--geometry-tolerance", options->geometry_tolerance,
                 "most that corners of image and label map may lie apart; above 0.001 with a warning")
      ->option_text("VOXELS")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();

  app.option_defaults()->group("Tables and maps");
  app.add_option("--table", options->table, "basic (MuscleMap's columns), full, or columns by name")
      ->option_text("basic|full|COL,COL")
      ->capture_default_str();
  app.add_flag("--per-slice", options->per_slice, "also a table with a row for each label and slice");
  app.add_option("--format", options->format, "of both tables; tsv is that of BIDS")
      ->option_text("csv|tsv|json")
      ->transform(one_of(kFormats))
      ->capture_default_str();
  app.add_flag("--raw-cells", options->raw_cells, "write names that a spreadsheet would run as they are");
  app.add_option("--maps", options->maps, "maps of the classes; all: probabilities (gmm) too")
      ->option_text("none|masks|all")
      ->transform(one_of(kMaps))
      ->capture_default_str();
  app.add_flag("--compat-types", options->compat_types,
               "maps in the label map's type, as MuscleMap writes them");
}

}  // namespace musclemap::cli
