#include "cli/programs.hpp"

#include "bindings.hpp"

namespace musclemap::python {
namespace {

int run_program(const std::string& name, std::vector<std::string> arguments) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const int argc = static_cast<int>(arguments.size());
  return without_gil([&] {
    int status = 2;
    if (name == "mm_segment") status = cli::mm_segment_main(argc, argv.data());
    if (name == "mm_extract_metrics") status = cli::mm_extract_metrics_main(argc, argv.data());
    if (name == "totalsegmentator") status = cli::totalsegmentator_main(argc, argv.data());
    if (name == "totalseg_get_phase") status = cli::totalseg_get_phase_main(argc, argv.data());
    if (name == "totalseg_get_modality") status = cli::totalseg_get_modality_main(argc, argv.data());
    if (name == "totalseg_combine_masks") status = cli::totalseg_combine_masks_main(argc, argv.data());
    if (name == "totalseg_info") status = cli::totalseg_info_main(argc, argv.data());
    if (name == "totalseg_import_weights") status = cli::totalseg_import_weights_main(argc, argv.data());
    if (name == "totalseg_download_weights") status = cli::totalseg_download_weights_main(argc, argv.data());
    if (name == "totalseg_set_license") status = cli::totalseg_set_license_main(argc, argv.data());
    if (name == "musclemap") status = cli::musclemap_main(argc, argv.data());
    return status;
  });
}

}  // namespace

void bind_programs(py::module_& module) {
  module.def("run_program", &run_program, py::arg("name"), py::arg("arguments"));
}

}  // namespace musclemap::python
