#include <filesystem>
#include <memory>
#include <sstream>
#include <string>

#include "cli/choices.hpp"
#include "cli/commands.hpp"
#include "cli/help_sections.hpp"
#include "cli/standard_output.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/output_guard.hpp"
#include "io/label_tables/label_formats.hpp"
#include "musclemap/error.hpp"
#include "musclemap/labels.hpp"

namespace musclemap::cli {
namespace {

struct ExportOptions {
  std::string source;
  std::string version;
  std::string out;
  std::string viewer;
};

/// A file, or the built-in table of a region where there is no such file. What looks like a path is one.
std::vector<Label> labels_of(const ExportOptions& options) {
  std::error_code ignored;
  const bool is_file = options.source.find_first_of("/.") != std::string::npos ||
                       std::filesystem::exists(options.source, ignored);
  if (!is_file) {
    return builtin_label_table(options.source, options.version.empty() ? "latest" : options.version).labels;
  }
  if (!options.version.empty()) {
    throw Error(ErrorCode::argument,
                "--version is " + options.version + "; it goes with the name of a region, not with a file");
  }
  return read_labels(options.source);
}

std::string table_of(const ExportOptions& options) {
  const std::vector<Label> labels = labels_of(options);
  std::ostringstream table;
  try {
    write_label_table(labels, base::from_word<LabelTableFormat>(options.viewer, "--for"), table);
  } catch (const Error& error) {
    throw error.about(options.source);
  }
  return table.str();
}

void export_labels(const ExportOptions& options) {
  const std::string table = table_of(options);
  if (options.out.empty()) {
    print(table);
    return;
  }
  io::OutputGuard guard;
  guard.reads_model(options.source, "source of names");
  guard.writes(options.out, "table");
  io::AtomicFile out(options.out);
  out.write(table.data(), table.size());
  out.commit();
}

void list_tables() {
  print_line("region\tversion\tlabels");
  for (const LabelTable& table : builtin_label_tables()) {
    print_line(table.region + "\t" + table.version + "\t" + std::to_string(table.labels.size()));
  }
}

void add_list(CLI::App& labels, int& exit_status) {
  labels.add_subcommand("list", "the label tables that are built in")->callback([&exit_status] {
    list_tables();
    exit_status = 0;
  });
}

void add_export(CLI::App& labels, int& exit_status) {
  CLI::App* command = labels.add_subcommand("export", "a colour and name table for a viewer");
  const auto options = std::make_shared<ExportOptions>();
  command
      ->add_option("FILE|REGION", options->source,
                   "a model's .json, weights or folder, the .json beside a label map, a .json or .csv of "
                   "names; or the region of a built-in table")
      ->required();
  command->add_option("--for", options->viewer, "bids, freesurfer, fsleyes, itksnap or slicer")
      ->option_text("VIEWER")
      ->required()
      ->transform(one_of(base::words_of<LabelTableFormat>()));
  command->add_option("--version", options->version, "version of the built-in table (default: latest)")
      ->option_text("VERSION");
  command->add_option("-o,--output", options->out, "file to write (default: standard output)")
      ->option_text("FILE");
  command->footer([] {
    return examples({{"musclemap labels export scan_dseg.json --for itksnap", "names of a label map"},
                     {"musclemap labels export thigh --for slicer -o t.ctbl", "a built-in table"}}) +
           regions_of_tables() + exit_statuses();
  });
  command->callback([options, &exit_status] {
    export_labels(*options);
    exit_status = 0;
  });
}

}  // namespace

void add_labels_command(CLI::App& app, int& exit_status) {
  CLI::App* labels = app.add_subcommand("labels", "names of label values");
  labels->require_subcommand(1);
  add_export(*labels, exit_status);
  add_list(*labels, exit_status);
}

}  // namespace musclemap::cli
