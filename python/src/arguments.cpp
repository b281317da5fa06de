// Arguments of another type than a function takes: an ArgumentError of one line, as for any other misuse.
#include <string>
#include <string_view>
#include <utility>

#include "bindings.hpp"

namespace musclemap::python {
namespace {

using Dispatcher = PyObject* (*)(PyObject*, PyObject* const*, Py_ssize_t, PyObject*);

// pybind11's, the same for every function.
Dispatcher dispatcher_of_pybind = nullptr;

void replace_all(std::string* text, std::string_view part, std::string_view other) {
  for (std::size_t at = text->find(part); at != std::string::npos; at = text->find(part, at)) {
    text->replace(at, part.size(), other);
  }
}

// "(a: int, b: str)" of pybind11's message, "" of another one.
std::string signature_in(const std::string& message) {
  const std::string_view before_signature = "    1. ";
  if (message.find("(): incompatible ") == std::string::npos) return {};
  const std::size_t begin = message.find(before_signature);
  const std::size_t end = message.find('\n', begin);
  if (begin == std::string::npos || end == std::string::npos) return {};
  std::string text = message.substr(begin + before_signature.size(), end - begin - before_signature.size());
  text = text.substr(0, text.rfind(" -> "));
  constexpr std::pair<std::string_view, std::string_view> kShorter[] = {
      {"musclemap._core.", ""},
      {"typing.", ""},
      {"collections.abc.", ""},
      {"SupportsInt | SupportsIndex", "int"},
      {"SupportsFloat | SupportsIndex", "float"}};
  for (const auto& [part, other] : kShorter) replace_all(&text, part, other);
  const std::size_t self = text.find("(self: ");
  if (self == std::string::npos) return text;
  const std::size_t next = text.find_first_of(",)", self);
  return text.erase(self + 1, next - self - (text[next] == ',' ? -1 : 1));
}

std::string types_of(PyObject* const* args, Py_ssize_t count, PyObject* names, bool method) {
  std::string text;
  const Py_ssize_t named = names == nullptr ? 0 : PyTuple_GET_SIZE(names);
  for (Py_ssize_t n = method ? 1 : 0; n < count + named; ++n) {
    if (!text.empty()) text += ", ";
    if (n >= count) text += py::str(PyTuple_GET_ITEM(names, n - count)).cast<std::string>() + ": ";
    text += Py_TYPE(args[n])->tp_name;
  }
  return text.empty() ? "nothing" : text;
}

PyObject* dispatch(PyObject* self, PyObject* const* args, Py_ssize_t count, PyObject* names) {
  PyObject* const result = dispatcher_of_pybind(self, args, count, names);
  if (result != nullptr || PyErr_ExceptionMatches(PyExc_TypeError) == 0) return result;
  py::error_already_set error;
  const auto message = py::str(error.value()).cast<std::string>();
  const std::string signature = signature_in(message);
  if (signature.empty()) {
    error.restore();
    return nullptr;
  }
  const bool method = message.find("(self: ") != std::string::npos ||
                      message.find("incompatible constructor") != std::string::npos;
  raise(Error(ErrorCode::argument, message.substr(0, message.find("():")) + "() is given " +
                                       types_of(args, count, names, method) + "; allowed is " + signature));
  return nullptr;
}

void refuse_in(PyObject* function) {
  if (function != nullptr && PyInstanceMethod_Check(function))
    function = PyInstanceMethod_GET_FUNCTION(function);
  if (function == nullptr || !PyCFunction_Check(function)) return;
  PyMethodDef* const definition = reinterpret_cast<PyCFunctionObject*>(function)->m_ml;
  if (definition->ml_flags != (METH_FASTCALL | METH_KEYWORDS)) return;
  const auto found = reinterpret_cast<Dispatcher>(reinterpret_cast<void (*)()>(definition->ml_meth));
  if (dispatcher_of_pybind == nullptr) dispatcher_of_pybind = found;
  if (found != dispatcher_of_pybind) return;
  definition->ml_meth = reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(&dispatch));
}

}  // namespace

void refuse_other_arguments(const py::module_& module) {
  for (const auto& [name, thing] : module.attr("__dict__").cast<py::dict>()) {
    refuse_in(thing.ptr());
    if (PyType_Check(thing.ptr()) == 0) continue;
    for (const auto& [member_name, member] : py::dict(thing.attr("__dict__"))) {
      const bool is_static = py::isinstance(member, reinterpret_cast<PyObject*>(&PyStaticMethod_Type));
      refuse_in(is_static ? member.attr("__func__").ptr() : member.ptr());
    }
  }
}

}  // namespace musclemap::python
