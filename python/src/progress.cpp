#include <utility>

#include "bindings.hpp"

namespace musclemap::python {

Control::Control(py::object callback, int threads, std::size_t memory_budget,
                 const std::optional<CancelToken>& cancel)
    : callback_(std::move(callback)) {
  if (!callback_.is_none() && PyCallable_Check(callback_.ptr()) == 0) {
    throw Error(ErrorCode::argument, std::string("progress is of the type ") +
                                         Py_TYPE(callback_.ptr())->tp_name +
                                         "; True, a function that takes a Progress, and None are allowed");
  }
  if (threads < 0) {
    throw Error(ErrorCode::argument,
                "threads is " + std::to_string(threads) + "; 0 (all) or more is allowed");
  }
  control_.threads = threads;
  control_.memory_budget = memory_budget;
  if (cancel) control_.cancel = *cancel;
  control_.on_warning = [this](const Warning& warning) { warnings_.push_back(warning); };
  control_.on_progress = [this](const Progress& progress) {
    const py::gil_scoped_acquire held;
    // Only Python's main thread hears signals; elsewhere this does nothing.
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    if (callback_.is_none()) return;
    const py::object answer = callback_(progress);
    // Not the token, which may be that of other runs too.
    if (answer.ptr() == Py_False) throw Error(ErrorCode::cancelled, "the run was cancelled");
  };
}

void Control::warn() {
  if (warnings_.empty()) return;
  const std::vector<Warning> told = std::exchange(warnings_, {});
  const py::object warn = py::module_::import("musclemap.errors").attr("warn");
  for (const Warning& warning : told) warn(warning.text, warning_name(warning.code));
}

Turn::Turn(std::mutex& mutex) : lock_(mutex, std::try_to_lock) {
  if (!lock_.owns_lock()) {
    throw Error(ErrorCode::argument, Reason::busy,
                "the object is in use by another thread; one call at a time");
  }
}

std::shared_ptr<const void> keep_alive(py::object object) {
  PyObject* const raw = object.release().ptr();
  return std::shared_ptr<const void>(raw, [](PyObject* kept) {
    if (Py_IsInitialized() == 0) return;
    const py::gil_scoped_acquire held;
    Py_DECREF(kept);
  });
}

void bind_progress(py::module_& module) {
  py::class_<Progress>(module, "Progress",
                       "Where a run is; `done` of `total` units of the stage are finished.")
      .def_property_readonly(
          "stage", [](const Progress& self) { return stage_name(self.stage); },
          "read, prepare, infer, filter, write, classify or measure")
      .def_readonly("done", &Progress::done, "units of this stage that are finished")
      .def_readonly("total", &Progress::total, "units of this stage")
      .def_readonly("fraction", &Progress::fraction,
                    "of the whole call, 0 to 1: never falls, and the last report has 1")
      .def("__repr__", [](const Progress& self) {
        return "Progress(" + std::string(stage_name(self.stage)) + " " + std::to_string(self.done) + "/" +
               std::to_string(self.total) + ")";
      });
  py::class_<CancelToken>(
      module, "CancelToken",
      "Ends, from any thread, the calls that were given it as `cancel=`, and all later ones "
      "with it: they\nraise Cancelled, a segmentation within a batch of windows.")
      .def(py::init<>())
      .def("cancel", &CancelToken::cancel, "Ends those calls; may be called more than once.")
      .def_property_readonly("cancelled", &CancelToken::cancelled, "whether cancel() was called");
  py::class_<Control>(module, "Control")
      .def(py::init<py::object, int, std::size_t, const std::optional<CancelToken>&>(), py::arg("progress"),
           py::arg("threads"), py::arg("memory_budget"), py::arg("cancel"));
}

}  // namespace musclemap::python
