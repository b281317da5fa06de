// Writes TorchScript archives as torch.jit.save does, of one module whose code a test chooses.
#ifndef MUSCLEMAP_TESTS_SUPPORT_TORCHSCRIPT_WRITER_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_TORCHSCRIPT_WRITER_HPP_

#include <map>
#include <string>
#include <vector>

#include "support/pth_writer.hpp"

namespace musclemap::test {

/// One module: its attributes as pickled values, the file of its class and those beside it.
struct ScriptModule {
  std::string type = "__torch__.net.Net";
  std::vector<std::pair<std::string, std::string>> attributes;  ///< name, pickled value
  std::map<std::string, std::string> code;                      ///< "net.py" below code/__torch__/
  std::map<std::string, std::string> storages;                  ///< key to bytes
  std::string description;                                      ///< extra/musclemap.json; empty: none
};

inline std::string pickle_boolean(bool value) { return value ? "\x88" : "\x89"; }

/// `type` "__torch__.a.C"; the value of an attribute that is a module.
inline std::string pickle_object(const std::string& type,
                                 const std::vector<std::pair<std::string, std::string>>& attributes) {
  const std::size_t dot = type.rfind('.');
  std::string out = "c" + type.substr(0, dot) + "\n" + type.substr(dot + 1) + "\n)\x81}(";
  for (const auto& [name, value] : attributes) out += pickle_text(name) + value;
  return out + "ub";
}

inline std::string pickle_module(const ScriptModule& module) {
  return std::string("\x80\x02") + pickle_object(module.type, module.attributes) + ".";
}

inline std::string write_torchscript(const ScriptModule& module, const std::string& pickle) {
  std::vector<ZipItem> items = {stored_item("net/data.pkl", pickle), stored_item("net/byteorder", "little")};
  for (const auto& [key, bytes] : module.storages) items.push_back(stored_item("net/data/" + key, bytes));
  for (const auto& [file, text] : module.code)
    items.push_back(deflated_item("net/code/__torch__/" + file, text));
  items.push_back(stored_item("net/constants.pkl", std::string("\x80\x02).")));
  if (!module.description.empty())
    items.push_back(stored_item("net/extra/musclemap.json", module.description));
  items.push_back(stored_item("net/version", "3\n"));
  return write_zip(items);
}

inline std::string write_torchscript(const ScriptModule& module) {
  return write_torchscript(module, pickle_module(module));
}

/// A class Net whose forward(x) has that body, a statement a line, in net.py.
inline ScriptModule module_of(const std::vector<std::string>& body) {
  ScriptModule module;
  std::string text =
      "class Net(Module):\n  __parameters__ = []\n  training : bool\n"
      "  def forward(self: __torch__.net.Net,\n    x: Tensor) -> Tensor:\n";
  for (const std::string& line : body) text += "    " + line + "\n";
  module.code["net.py"] = text;
  module.attributes = {{"training", pickle_boolean(false)}};
  return module;
}

/// Floats in a storage of their own, in the module as `name`.
inline void add_tensor(ScriptModule& module, const std::string& name, const std::vector<std::int64_t>& shape,
                       const std::vector<float>& values) {
  PthTensor tensor;
  tensor.key = std::to_string(module.storages.size());
  tensor.shape = shape;
  tensor.stride.assign(shape.size(), 1);
  for (std::size_t axis = shape.size(); axis-- > 1;)
    tensor.stride[axis - 1] = tensor.stride[axis] * shape[axis];
  tensor.storage_elements = static_cast<std::int64_t>(values.size());
  module.storages[tensor.key] = float_bytes(values);
  module.attributes.emplace_back(name, pickle_tensor(tensor));
}

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_TORCHSCRIPT_WRITER_HPP_
