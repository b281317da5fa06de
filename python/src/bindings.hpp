// What the files of the extension module share. One file binds one class; musclemap/__init__.py is the public
// side.
#ifndef MUSCLEMAP_PYTHON_BINDINGS_HPP_
#define MUSCLEMAP_PYTHON_BINDINGS_HPP_

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "musclemap/musclemap.hpp"

namespace musclemap::python {

namespace py = pybind11;

void bind_errors(py::module_& module);
void bind_progress(py::module_& module);
void bind_labels(py::module_& module);
void bind_volume(py::module_& module);
void bind_nifti(py::module_& module);
void bind_model_bundle(py::module_& module);
void bind_engine(py::module_& module);
void bind_segmenter(py::module_& module);
void bind_tissue(py::module_& module);
void bind_table(py::module_& module);
void bind_measure(py::module_& module);
void bind_programs(py::module_& module);

/// Calls `body` without the interpreter lock; `body` touches no Python object.
template <class Body>
auto without_gil(const Body& body) {
  const py::gil_scoped_release released;
  return body();
}

/// Keeps a Python object alive for C++; let go of under the interpreter lock, on any thread. Leaks when the
/// interpreter has ended.
std::shared_ptr<const void> keep_alive(py::object object);

/// A copy: 4x4 float64.
py::array_t<double> affine_array(const Affine& affine);

/// How a long call reports to Python, hears Ctrl-C and is bounded. Made and ended with the interpreter lock
/// held.
class Control {
 public:
  /// `callback`: None, or called with a Progress; False cancels, an exception ends the run and comes out.
  Control(py::object callback, int threads, std::size_t memory_budget);
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  const RunControl& run() const noexcept { return control_; }
  /// Raises the remarks of the run as Python warnings.
  void warn() const;

 private:
  py::object callback_;
  RunControl control_;
  std::vector<Warning> warnings_;
};

/// One call at a time on an object that is not thread-safe: Error reason `busy` for the second one.
class Turn {
 public:
  explicit Turn(std::mutex& mutex);

 private:
  std::unique_lock<std::mutex> lock_;
};

}  // namespace musclemap::python

#endif  // MUSCLEMAP_PYTHON_BINDINGS_HPP_
