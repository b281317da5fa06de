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

/// Calls body(T()) with the voxels' T and returns what it returns. Error `argument` for a number outside of
/// the list.
template <class Body>
auto with_type(DType dtype, const Body& body) {
  switch (dtype) {
    case DType::u8:
      return body(std::uint8_t());
    case DType::i16:
      return body(std::int16_t());
    case DType::u16:
      return body(std::uint16_t());
    case DType::i32:
      return body(std::int32_t());
    case DType::f32:
      return body(float());
    case DType::f64:
      return body(double());
    case DType::u32:
      return body(std::uint32_t());
  }
  throw Error(ErrorCode::argument,
              "voxel type " + std::to_string(static_cast<int>(dtype)) + " is not one of 1 to 7");
}

/// Calls body(volume.view<T>()) with the T of the volume's dtype and returns what it returns.
template <class Body>
auto with_view(const Volume& volume, const Body& body) {
  return with_type(volume.dtype(), [&](auto voxel) { return body(volume.view<decltype(voxel)>()); });
}

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_TYPED_VIEW_HPP_
