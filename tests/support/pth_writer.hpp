// Writes weights files as torch.save does, with every number open to change.
#ifndef MUSCLEMAP_TESTS_SUPPORT_PTH_WRITER_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_PTH_WRITER_HPP_

#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "support/zip_writer.hpp"

namespace musclemap::test {

struct PthTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> stride;
  std::string key = "0";
  std::int64_t offset = 0;
  std::int64_t storage_elements = 0;
  std::string type = "FloatStorage";
  std::string location = "cpu";
};

inline std::string pickle_text(const std::string& text) {
  std::string out = "X";
  put32(out, text.size());
  return out + text;
}

inline std::string pickle_integer(std::int64_t value) {
  std::string out = "\x8a\x08";
  put64(out, static_cast<std::uint64_t>(value));
  return out;
}

inline std::string pickle_tuple(const std::vector<std::int64_t>& values) {
  std::string out = "(";
  for (const std::int64_t value : values) out += pickle_integer(value);
  return out + "t";
}

inline std::string pickle_tensor(const PthTensor& tensor) {
  return "ctorch._utils\n_rebuild_tensor_v2\n((" + pickle_text("storage") + "ctorch\n" + tensor.type + "\n" +
         pickle_text(tensor.key) + pickle_text(tensor.location) + pickle_integer(tensor.storage_elements) +
         "tQ" + pickle_integer(tensor.offset) + pickle_tuple(tensor.shape) + pickle_tuple(tensor.stride) +
         "\x89"
         "ccollections\nOrderedDict\n)RtR";
}

inline std::string pickle_state_dict(const std::vector<PthTensor>& tensors) {
  std::string out =
      "\x80\x02"
      "ccollections\nOrderedDict\n)R(";
  for (const PthTensor& tensor : tensors) out += pickle_text(tensor.name) + pickle_tensor(tensor);
  return out + "u}" + pickle_text("_metadata") + "ccollections\nOrderedDict\n)Rsb.";
}

inline std::string float_bytes(const std::vector<float>& values) {
  std::string out(values.size() * sizeof(float), '\0');
  if (!values.empty()) std::memcpy(out.data(), values.data(), out.size());
  return out;
}

/// `storages`: key to bytes.
inline std::string write_pth(const std::string& pickle, const std::map<std::string, std::string>& storages,
                             const std::string& byte_order = "little") {
  std::vector<ZipItem> items = {stored_item("model/data.pkl", pickle),
                                stored_item("model/byteorder", byte_order)};
  for (const auto& [key, bytes] : storages) items.push_back(stored_item("model/data/" + key, bytes));
  items.push_back(stored_item("model/version", "3\n"));
  return write_zip(items);
}

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_PTH_WRITER_HPP_
