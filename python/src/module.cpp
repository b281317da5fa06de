#include "bindings.hpp"
#include "musclemap/version.hpp"

PYBIND11_MODULE(_core, module) {
  using namespace musclemap::python;
  module.doc() = "Bindings of the C++ library; musclemap is the public side.";
  module.attr("__version__") = musclemap::kVersion;
  bind_errors(module);
  bind_progress(module);
  bind_labels(module);
  bind_volume(module);
  bind_nifti(module);
  bind_model_bundle(module);
  bind_task(module);
  bind_organs(module);
  bind_engine(module);
  bind_segmenter(module);
  bind_tissue(module);
  bind_table(module);
  bind_measure(module);
  bind_cells(module);
  bind_cell_segmenter(module);
  bind_sam_segmenter(module);
  bind_picture_file(module);
  bind_programs(module);
  bind_options(module);
  refuse_other_arguments(module);
}
