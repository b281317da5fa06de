// Weights files of torch.save: named tensors, read without LibTorch.
#ifndef MUSCLEMAP_IO_WEIGHTS_STATE_DICT_HPP_
#define MUSCLEMAP_IO_WEIGHTS_STATE_DICT_HPP_

#include <string>
#include <string_view>

#include "io/weights/pickle_reader.hpp"
#include "io/weights/tensor_reader.hpp"
#include "io/weights/zip_reader.hpp"
#include "net/tensor.hpp"

namespace musclemap::io {

/// Error `unsupported` with what to do about it if `bytes` is a weights file of a kind that is not read:
/// written by PyTorch before 1.6 or with the old format asked for, another format altogether.
void refuse_other_weights_formats(std::string_view bytes);

/// The folder inside the archive that holds everything; PyTorch names it after the file. Error `format`
/// unless there is exactly one and it has a data.pkl.
std::string archive_root(const ZipReader& zip);

/// Named tensors as float32, in the order of the file. Half, bfloat16, float and double are read.
/// Errors: `format`, `unsupported`, `model` (not a dictionary of tensors, values that are not finite).
net::StateDict read_state_dict(const ZipReader& zip);

/// The same of a pickle and what reads its tensors.
net::StateDict named_tensors(const PickleTree& tree, TensorReader* tensors);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_STATE_DICT_HPP_
