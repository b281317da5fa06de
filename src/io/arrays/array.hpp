// Arrays of numbers of any shape, as NumPy's files hold them.
#ifndef MUSCLEMAP_IO_ARRAYS_ARRAY_HPP_
#define MUSCLEMAP_IO_ARRAYS_ARRAY_HPP_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace musclemap::io {

/// Named as NumPy's type strings: kind and bytes of one value.
enum class ArrayType : std::int32_t { b1, u1, i1, u2, i2, u4, i4, u8, i8, f2, f4, f8 };

/// Bytes of one value.
std::size_t item_size(ArrayType type);
/// "bool", "uint8", "float16", …
const char* array_type_name(ArrayType type);

/// Values in memory that somebody else owns: C order (the last axis fastest), native byte order. float16 is
/// its bits, bool a byte of 0 or 1.
struct ArrayView {
  ArrayType type = ArrayType::u1;
  std::vector<std::int64_t> shape;  ///< empty: one value
  const void* data = nullptr;       ///< as many values as the shape's product

  /// Values. Error `argument` reason `limit` where that does not fit.
  std::int64_t size() const;
};

/// The type of T: std::uint8_t is u1, float f4, …
template <class T>
ArrayType array_type_of();

/// A view of values of T.
template <class T>
ArrayView array_view(std::vector<std::int64_t> shape, const T* values) {
  return {array_type_of<T>(), std::move(shape), values};
}

/// Values with their memory; order and byte order as in ArrayView.
struct Array {
  ArrayType type = ArrayType::u1;
  std::vector<std::int64_t> shape;
  std::string bytes;  ///< aligned to 8 bytes

  ArrayView view() const { return {type, shape, bytes.data()}; }
  std::int64_t size() const { return view().size(); }
  /// In place. Error `argument` if T is not of type().
  template <class T>
  const T* values() const;
};

/// "(2, 512, 512)"
std::string shape_text(const std::vector<std::int64_t>& shape);

/// Values as T: a real number is rounded to the nearest T; where T is an integer, Error `format` with the
/// value and its place for one that is not whole or does not fit. T: float, double, std::uint8_t, _uint16_t,
/// _uint32_t, _int32_t, _int64_t.
template <class T>
std::vector<T> values_as(const ArrayView& array);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_ARRAYS_ARRAY_HPP_
