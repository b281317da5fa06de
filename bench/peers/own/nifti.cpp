#include "musclemap/nifti.hpp"

#include <filesystem>
#include <memory>

#include "serve.hpp"
#include "works.hpp"

namespace musclemap::bench {
namespace {

struct Arguments {
  std::filesystem::path file;  // what is read
  std::filesystem::path out;   // where it is written; empty: reading is what is timed
  int threads = 0;
};

void run(const Arguments& arguments) {
  RunControl control;
  control.threads = arguments.threads;
  Volume volume = read_nifti(arguments.file, {}, control);
  const auto load = [&] { volume = read_nifti(arguments.file, {}, control); };
  const auto save = [&] { write_nifti(volume, arguments.out); };
  const bool saves = !arguments.out.empty();
  if (saves) save();
  serve({{"name", "musclemap"}, {"threads", arguments.threads}}, saves ? std::function<void()>(save) : load);
}

}  // namespace

void add_nifti(CLI::App& app) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("nifti", "NIfTI files in and out");
  command->add_option("--file", arguments->file)->required();
  command->add_option("--out", arguments->out);
  command->add_option("--threads", arguments->threads);
  command->callback([arguments] { run(*arguments); });
}

}  // namespace musclemap::bench
