#include <exception>
#include <new>

#include "bindings.hpp"

namespace musclemap::python {

void raise(const Error& error) {
  // The classes live in Python, where they derive from ValueError, OSError and the like.
  const py::object make = py::module_::import("musclemap.errors").attr("from_core");
  const std::string message = error.what();
  // Messages may quote bytes of a file that are no UTF-8.
  const auto text = py::reinterpret_steal<py::object>(
      PyUnicode_DecodeUTF8(message.data(), static_cast<Py_ssize_t>(message.size()), "replace"));
  const auto file = py::reinterpret_steal<py::object>(PyUnicode_DecodeFSDefault(error.file().c_str()));
  const py::object raised = make(code_name(error.code()), reason_name(error.reason()), text, file);
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(raised.ptr())), raised.ptr());
}

namespace {

// pybind11 gives it by value.
void translate(std::exception_ptr failure) {  // NOLINT(performance-unnecessary-value-param)
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const Error& error) {
    raise(error);
  } catch (const py::cast_error& error) {
    raise(Error(ErrorCode::argument, error.what()));
  } catch (const std::bad_alloc&) {
    raise(Error(ErrorCode::memory, Reason::nomem, "out of memory"));
  }
}

}  // namespace

void bind_errors(py::module_&) { py::register_exception_translator(&translate); }

}  // namespace musclemap::python
