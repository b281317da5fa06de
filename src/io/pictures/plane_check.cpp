#include "io/pictures/plane_check.hpp"

#include <cstddef>
#include <string>

namespace musclemap::io {

void check_rows(const PictureInfo& info, const std::array<std::int64_t, 3>& plane, std::int64_t y_begin,
                std::int64_t y_count, const void* to) {
  const Index5& shape = info.geometry.shape;
  for (std::size_t axis = 0; axis < plane.size(); ++axis) {
    if (plane[axis] >= 0 && plane[axis] < shape[axis]) continue;
    throw Error(ErrorCode::argument, std::string("plane ") + "TCZ"[axis] + " = " +
                                         std::to_string(plane[axis]) + " does not lie in an axis of " +
                                         std::to_string(shape[axis]));
  }
  if (y_begin < 0 || y_count < 1 || y_begin > shape[3] || y_count > shape[3] - y_begin) {
    throw Error(ErrorCode::argument, std::to_string(y_count) + " rows from " + std::to_string(y_begin) +
                                         " do not lie in a picture of " + std::to_string(shape[3]));
  }
  if (to == nullptr) throw Error(ErrorCode::argument, "the memory for rows is null");
}

}  // namespace musclemap::io
