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

/// The bytes of each storage by its key.
using Storages = std::unordered_map<std::string, std::string_view>;

/// The elements lie in <root>/data/<key>, their types and strides in the pickle. What all reads together
/// expand to is bounded by the size of the file. Holds views of both; they outlive it. One thread at a time.
class TensorReader {
 public:
  /// Of a file that is no archive. Elements are little-endian.
  TensorReader(Storages storages, const PickleTree& tree);
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
  void set_budget(std::uint64_t stored_bytes);

  const ZipReader* zip_ = nullptr;  // where storages that are not known yet lie
  const PickleTree& tree_;
  std::string root_;
  std::uint64_t budget_ = 0;
  Storages storages_;
};

/// Bytes of an element of a storage type, "torch.FloatStorage"; 0 for one that is not read.
std::size_t storage_element_bytes(const std::string& type);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_TENSOR_READER_HPP_
