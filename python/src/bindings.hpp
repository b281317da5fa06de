// What the files of the extension module share. One file binds one class; musclemap/__init__.py is the public
// side.
#ifndef MUSCLEMAP_PYTHON_BINDINGS_HPP_
#define MUSCLEMAP_PYTHON_BINDINGS_HPP_

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "musclemap/musclemap.hpp"

namespace musclemap::python {

namespace py = pybind11;

void bind_errors(py::module_& module);
/// Sets the Python error.
void raise(const Error& error);
/// Has every function that is bound answer arguments of another type by ArgumentError. Called last.
void refuse_other_arguments(const py::module_& module);
void bind_progress(py::module_& module);
void bind_labels(py::module_& module);
void bind_volume(py::module_& module);
void bind_nifti(py::module_& module);
void bind_model_bundle(py::module_& module);
void bind_task(py::module_& module);
void bind_organs(py::module_& module);
void bind_engine(py::module_& module);
void bind_segmenter(py::module_& module);
void bind_tissue(py::module_& module);
void bind_table(py::module_& module);
void bind_measure(py::module_& module);
void bind_cells(py::module_& module);
void bind_cell_segmenter(py::module_& module);
void bind_sam_segmenter(py::module_& module);
void bind_picture_file(py::module_& module);
void bind_programs(py::module_& module);
void bind_options(py::module_& module);

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

/// Labels as uint16, or uint32 above 65,535.
py::array label_array(const std::vector<std::uint32_t>& labels, const std::vector<py::ssize_t>& shape);

/// Type of pixels that are read in place. Error `internal` for others.
DType picture_dtype(const py::array& array);

/// On the array's own memory, which the caller keeps: axes channel, y, x, or channel, z, y, x.
ImageStack picture_stack(const py::array& picture);

/// How a long call reports to Python, hears Ctrl-C, is cancelled and is bounded. Made and ended with the
/// interpreter lock held.
class Control {
 public:
  /// `callback`: None, or called with a Progress; False ends the run, an exception ends it and comes out.
  Control(py::object callback, int threads, std::size_t memory_budget,
          const std::optional<CancelToken>& cancel);
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  /// body(RunControl) without the interpreter lock. Its remarks become Python warnings, also where it fails.
  template <class Body>
  auto run(const Body& body) {
    try {
      if constexpr (std::is_void_v<std::invoke_result_t<const Body&, const RunControl&>>) {
        without_gil([&] { body(control_); });
        warn();
      } else {
        auto result = without_gil([&] { return body(control_); });
        warn();
        return result;
      }
    } catch (const Error&) {
      warn();
      throw;
    }
  }

 private:
  void warn();

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
