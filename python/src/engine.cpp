#include "infer/engine.hpp"

#include "bindings.hpp"
#include "task/doctor_json.hpp"

namespace musclemap::python {

void bind_engine(py::module_& module) {
  module.def("doctor", [] {
    // Paths may hold bytes that are not UTF-8.
    const auto replace = nlohmann::ordered_json::error_handler_t::replace;
    return without_gil([&] { return task::doctor_json().dump(-1, ' ', false, replace); });
  });
  module.def("set_engine_places", &infer::set_engine_places, py::arg("module_folder"),
             py::arg("torch_folder"));
  module.def("available_threads", &available_threads,
             "Threads that the process may use (its CPU affinity), at least 1.");
}

}  // namespace musclemap::python
