// Weights files of torch.save before PyTorch 1.6: pickles one behind the other, then the elements of
// storages.
#ifndef MUSCLEMAP_IO_WEIGHTS_LEGACY_STATE_DICT_HPP_
#define MUSCLEMAP_IO_WEIGHTS_LEGACY_STATE_DICT_HPP_

#include <string_view>

#include "net/tensor.hpp"

namespace musclemap::io {

/// Whether the file begins with that format's number.
bool is_legacy_weights(std::string_view bytes);

/// As read_state_dict() of such a file. Nothing in it is run. Errors: as there.
net::StateDict read_legacy_state_dict(std::string_view bytes);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_LEGACY_STATE_DICT_HPP_
