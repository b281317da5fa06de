#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>

#include "cli/commands.hpp"
#include "io/atomic_file.hpp"
#include "musclemap/labels.hpp"

namespace musclemap::cli {
namespace {

struct ExportOptions {
  std::string file;
  std::string out;
  LabelTableFormat format = LabelTableFormat::itksnap;
};

const std::map<std::string, LabelTableFormat> kViewers = {{"itksnap", LabelTableFormat::itksnap},
                                                          {"slicer", LabelTableFormat::slicer},
                                                          {"fsleyes", LabelTableFormat::fsleyes},
                                                          {"freesurfer", LabelTableFormat::freesurfer},
                                                          {"bids", LabelTableFormat::bids}};

void export_labels(const ExportOptions& options) {
  const std::vector<Label> labels = read_labels(options.file);
  if (options.out.empty()) {
    write_label_table(labels, options.format, std::cout);
    return;
  }
  std::ostringstream table;
  write_label_table(labels, options.format, table);
  const std::string text = table.str();
  io::AtomicFile out(options.out);
  out.write(text.data(), text.size());
  out.commit();
}

}  // namespace

void add_labels_command(CLI::App& app, int& exit_status) {
  CLI::App* labels = app.add_subcommand("labels", "Names of label values");
  labels->require_subcommand(1);
  CLI::App* command = labels->add_subcommand("export", "Write a colour and name table for a viewer");
  const auto options = std::make_shared<ExportOptions>();
  command
      ->add_option("FILE", options->file,
                   "a model's .json, weights or folder, or the .json beside a label map")
      ->required();
  command->add_option("--for", options->format, "itksnap, slicer, fsleyes, freesurfer or bids")
      ->required()
      ->transform(CLI::CheckedTransformer(kViewers, CLI::ignore_case));
  command->add_option("-o,--output", options->out, "file to write; standard output when left out");
  command->callback([options, &exit_status] {
    export_labels(*options);
    exit_status = 0;
  });
}

}  // namespace musclemap::cli
