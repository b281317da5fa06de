// The network of a configuration of `plans.json`.
#ifndef MUSCLEMAP_IO_WEIGHTS_NNUNET_ARCHITECTURE_HPP_
#define MUSCLEMAP_IO_WEIGHTS_NNUNET_ARCHITECTURE_HPP_

#include <cstddef>

#include "io/files/json_fields.hpp"
#include "io/weights/nnunet/plans.hpp"

namespace musclemap::io {

/// Sets `architecture` and `network` from the new form (`architecture` with `arch_kwargs`) or the old
/// (UNet_class_name, …). Error `format`; for networks and layers that are not known it names them.
void read_nnunet_architecture(const JsonField& configuration, std::size_t axes, NnunetConfiguration* result);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_NNUNET_ARCHITECTURE_HPP_
