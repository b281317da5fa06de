// Tensors of a file of torch.save or torch.jit.save, read without LibTorch.
#ifndef MUSCLEMAP_IO_WEIGHTS_TENSOR_READER_HPP_
#define MUSCLEMAP_IO_WEIGHTS_TENSOR_READER_HPP_

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "io/weights/pickle_reader.hpp"
#include "io/weights/zip_reader.hpp"
#include "net/tensor.hpp"

namespace musclemap::io {

/// The elements lie in <root>/data/<key>, their types and strides in the pickle. What all reads together
/// expand to is bounded by the size of the file. Holds views of both; they outlive it. One thread at a time.
class TensorReader {
 public:
  /// Error `unsupported` for a big-endian file.
  TensorReader(const ZipReader& zip, const PickleTree& tree);

  /// As float32; half, bfloat16, float and double are read. `name` is for messages. Errors: `format`,
  /// `unsupported`, `model` (values that are not finite).
  net::Tensor read(const std::string& name, const PickleNode& tensor);

 private:
  struct Layout;

  void check_byte_order() const;
  Layout read_layout(const std::string& name, const PickleNode& tensor) const;
  std::string_view storage_bytes(const std::string& key);

  const ZipReader& zip_;
  const PickleTree& tree_;
  std::string root_;
  std::uint64_t budget_ = 0;
  std::unordered_map<std::string, std::string_view> storages_;
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_TENSOR_READER_HPP_
