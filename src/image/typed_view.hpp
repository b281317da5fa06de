// A volume's voxels in their own type.
#ifndef MUSCLEMAP_IMAGE_TYPED_VIEW_HPP_
#define MUSCLEMAP_IMAGE_TYPED_VIEW_HPP_

#include <cstdint>
#include <string>

#include "musclemap/error.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::image {

/// Error `argument` that names an empty volume.
inline void check_voxels(const Volume& volume, const char* name) {
  if (!volume.empty()) return;
  throw Error(ErrorCode::argument, std::string("the ") + name + " is an empty volume: it has no voxels");
}

/// Calls body(volume.view<T>()) with the T of the volume's dtype and returns what it returns.
template <class Body>
auto with_view(const Volume& volume, const Body& body) {
  switch (volume.dtype()) {
    case DType::u8:
      return body(volume.view<std::uint8_t>());
    case DType::i16:
      return body(volume.view<std::int16_t>());
    case DType::u16:
      return body(volume.view<std::uint16_t>());
    case DType::i32:
      return body(volume.view<std::int32_t>());
    case DType::f32:
      return body(volume.view<float>());
    case DType::f64:
      return body(volume.view<double>());
  }
  throw Error(ErrorCode::internal, "a volume has no voxel type");
}

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_TYPED_VIEW_HPP_
