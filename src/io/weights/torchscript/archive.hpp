// TorchScript archives: what is inside, without running it.
#ifndef MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_ARCHIVE_HPP_
#define MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_ARCHIVE_HPP_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/weights/zip_reader.hpp"

namespace musclemap::io {

struct TorchScriptSummary {
  /// Operators in use, "aten::conv2d", sorted.
  std::vector<std::string> operators;
  /// What keeps the program from being run: operators and constructs outside of the allow-list, sorted.
  std::vector<std::string> refused;
  /// The embedded description, `extra/musclemap.json`.
  std::optional<std::string> description;
  /// Bytes of all stored tensors.
  std::uint64_t tensor_bytes = 0;
};

/// True for an archive that torch.jit.save wrote: it has code/ and constants.pkl.
bool is_torchscript(const ZipReader& zip);

/// Reads the program's text. Errors: `format`, reason `limit` for more than 64 MiB of code.
TorchScriptSummary inspect_torchscript(const ZipReader& zip);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_ARCHIVE_HPP_
