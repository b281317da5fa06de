// Memory that holds an array of N axes: what may be addressed, and what strides may be.
#ifndef MUSCLEMAP_IMAGE_LAYOUT_HPP_
#define MUSCLEMAP_IMAGE_LAYOUT_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <string>
#include <type_traits>

#include "base/checked.hpp"
#include "base/huge_pages.hpp"
#include "musclemap/error.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::image {

/// The number of T in the list of types.
template <class T>
constexpr DType dtype_of() {
  if constexpr (std::is_same_v<T, std::uint8_t>) return DType::u8;
  if constexpr (std::is_same_v<T, std::int16_t>) return DType::i16;
  if constexpr (std::is_same_v<T, std::uint16_t>) return DType::u16;
  if constexpr (std::is_same_v<T, std::int32_t>) return DType::i32;
  if constexpr (std::is_same_v<T, std::uint32_t>) return DType::u32;
  if constexpr (std::is_same_v<T, float>) return DType::f32;
  return DType::f64;
}

/// "3x4x5".
template <std::size_t N>
std::string shape_text(const std::array<std::int64_t, N>& shape) {
  std::string text;
  for (const std::int64_t length : shape) text += (text.empty() ? "" : "x") + std::to_string(length);
  return text;
}

/// Bytes of a contiguous array. Error `argument` for an axis below 1 and for more than can be addressed.
template <std::size_t N>
std::int64_t checked_bytes(const std::array<std::int64_t, N>& shape, DType dtype) {
  auto bytes = static_cast<std::int64_t>(dtype_size(dtype));
  for (const std::int64_t length : shape) {
    if (length < 1) {
      throw Error(ErrorCode::argument, "shape " + shape_text(shape) + " has an axis below 1");
    }
    bytes = base::checked_mul(bytes, length);
  }
  return bytes;
}

/// Zeros that are freed with the last handle. `what` is named in the Error `memory`.
inline std::shared_ptr<void> zeroed_block(std::int64_t bytes, const char* what) {
  void* memory = std::calloc(static_cast<std::size_t>(bytes), 1);
  if (memory == nullptr) {
    throw Error(ErrorCode::memory,
                std::string("no memory for a ") + what + " of " + std::to_string(bytes) + " bytes");
  }
  base::prefer_huge_pages(memory, static_cast<std::size_t>(bytes));
  return {memory, std::free};
}

/// Strides of foreign memory, 0 along axes of one element. `what` ("volume") is named in the Errors
/// `argument`: null or misaligned data, a shape that cannot exist, strides that are no multiples of the
/// element or reach too far.
template <std::size_t N>
std::array<std::int64_t, N> checked_strides(const void* data, const std::array<std::int64_t, N>& shape,
                                            DType dtype, std::array<std::int64_t, N> stride_bytes,
                                            const char* what) {
  if (data == nullptr) throw Error(ErrorCode::argument, std::string("the ") + what + "'s memory is null");
  checked_bytes(shape, dtype);
  const auto size = static_cast<std::int64_t>(dtype_size(dtype));
  if (reinterpret_cast<std::uintptr_t>(data) % dtype_size(dtype) != 0) {
    throw Error(ErrorCode::argument,
                std::string("the ") + what + "'s memory is not aligned for " + dtype_name(dtype));
  }
  std::int64_t reach = 0;
  for (std::size_t axis = 0; axis < N; ++axis) {
    std::int64_t& stride = stride_bytes[axis];
    if (shape[axis] > 1 && stride % size != 0) {
      throw Error(ErrorCode::argument, "stride " + std::to_string(stride) +
                                           " is not a multiple of the element size " + std::to_string(size));
    }
    if (stride == std::numeric_limits<std::int64_t>::min()) {
      throw Error(ErrorCode::argument, "stride " + std::to_string(stride) + " is out of range");
    }
    reach = base::checked_add(reach, base::checked_mul(shape[axis] - 1, std::abs(stride)));
    if (shape[axis] == 1) stride = 0;
  }
  return stride_bytes;
}

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LAYOUT_HPP_
