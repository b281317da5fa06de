// Class indices or label values in their own type.
#ifndef MUSCLEMAP_TASK_CLASS_VIEW_HPP_
#define MUSCLEMAP_TASK_CLASS_VIEW_HPP_

#include <cstdint>

#include "musclemap/volume.hpp"

namespace musclemap::task {

/// Calls body with the mutable view of a volume of class_dtype().
template <class Body>
void with_classes(Volume& classes, const Body& body) {
  if (classes.dtype() == DType::u8) {
    body(classes.mutable_view<std::uint8_t>());
  } else {
    body(classes.mutable_view<std::int16_t>());
  }
}

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CLASS_VIEW_HPP_
