#include "cli/metrics_options.hpp"

#include <charconv>

#include "base/text.hpp"
#include "cli/arguments.hpp"
#include "cli/choices.hpp"
#include "cli/option_flags.hpp"
#include "metrics/metrics_options.hpp"
#include "musclemap/error.hpp"

namespace musclemap::cli {
namespace {

IntensityRange parse_range(const std::string& text, const std::string& flag) {
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
  throw Error(ErrorCode::argument,
              flag + " '" + base::printable(text, 60) + "' is not a range A:B with A not above B");
}

void add_range(CLI::App& app, const std::string& flag, const char* help, IntensityRange* range) {
  app.add_option_function<std::string>(
         flag, [=](const std::string& text) { *range = parse_range(text, flag); }, help)
      ->option_text("A:B")
      ->default_str(base::number_text(range->low) + ":" + base::number_text(range->high));
}

void take_columns(const std::string& text, TableWriteOptions* table) {
  table->all_columns = text == "full";
  if (text != "basic" && text != "full") table->columns = split_at_commas(text);
}

}  // namespace

void add_dixon_images(CLI::App& app, MetricsRequest* request) {
  OptionFlags flags(app, request);
  flags.add("-f,--fat_image", &MetricsRequest::fat);
  flags.add("-w,--water_image", &MetricsRequest::water);
}

CLI::Option* add_components(CLI::App& app, const std::string& flag, MetricsRequest* request) {
  return OptionFlags(app, &request->tissue)
      .add(flag, &TissueOptions::components)
      ->option_text("2|3")
      ->transform(one_of({"2", "3"}));
}

void add_metrics_flags(CLI::App& app, MetricsRequest* request) {
  OptionFlags flags(app, request);
  OptionFlags tissue(app, &request->tissue);
  OptionFlags table(app, &request->table);
  app.option_defaults()->group("Measures");
  tissue.add("--operators", &TissueOptions::operators);
  tissue.add("--em", &TissueOptions::stop);
  tissue.add("--no-collapse-guard", &TissueOptions::collapse_guard,
             "keep mixtures with a component on one grey value, as MuscleMap does");
  tissue.add("--divide-bones", &TissueOptions::divide_bones);
  add_range(app, "--muscle-range", "hu: CT numbers of muscle", &request->tissue.muscle_range);
  add_range(app, "--fat-range", "hu: CT numbers of fat", &request->tissue.fat_range);
  flags.add("--section-axis", &MetricsRequest::section_axis);
  flags.add("--geometry-tolerance", &MetricsRequest::geometry_tolerance)
      ->option_text("VOXELS")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();

  app.option_defaults()->group("Tables and maps");
  app.add_option_function<std::string>(
         "--table", [=](const std::string& text) { take_columns(text, &request->table); },
         "basic (MuscleMap's columns), full, or columns by name")
      ->option_text("basic|full|COL,COL")
      ->default_str("basic");
  flags.add("--per-slice", &MetricsRequest::per_slice);
  table.add("--format", &TableWriteOptions::format);
  table.add("--raw-cells", &TableWriteOptions::raw_cells);
  flags.add("--maps", &MetricsRequest::maps);
  flags.add("--compat-types", &MetricsRequest::compat_types);
}

}  // namespace musclemap::cli
