#include "infer/engine.hpp"

#include "bindings.hpp"

namespace musclemap::python {
namespace {

py::dict status() {
  const EngineStatus found = without_gil([] { return engine_status(); });
  py::dict report;
  report["available"] = found.available;
  report["name"] = found.name;
  report["module"] = found.module_file;
  report["libtorch"] = found.library_file;
  report["problem"] = found.problem;
  report["cuda"] = found.cuda;
  report["cuda_problem"] = found.cuda_problem;
  return report;
}

}  // namespace

void bind_engine(py::module_& module) {
  module.def("engine_status", &status);
  module.def("available_threads", &available_threads,
             "Threads that the process may use (its CPU affinity), at least 1.");
  module.def("set_engine_places", &infer::set_engine_places, py::arg("module_folder"),
             py::arg("torch_folder"));
}

}  // namespace musclemap::python
