#include "io/arrays/array.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "base/checked.hpp"
#include "base/half.hpp"
#include "base/text.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

struct TypeFacts {
  const char* name;
  std::size_t bytes;
};

constexpr std::array<TypeFacts, 12> kArrayTypes = {{{"bool", 1},
                                                    {"uint8", 1},
                                                    {"int8", 1},
                                                    {"uint16", 2},
                                                    {"int16", 2},
                                                    {"uint32", 4},
                                                    {"int32", 4},
                                                    {"uint64", 8},
                                                    {"int64", 8},
                                                    {"float16", 2},
                                                    {"float32", 4},
                                                    {"float64", 8}}};

const TypeFacts& facts_of(ArrayType type) { return kArrayTypes.at(static_cast<std::size_t>(type)); }

struct Half {
  std::uint16_t bits;
};

// visit(T{}) with the type in memory of `type`.
template <class Visit>
auto visit_array_type(ArrayType type, const Visit& visit) {
  switch (type) {
    case ArrayType::b1:
    case ArrayType::u1:
      return visit(std::uint8_t{});
    case ArrayType::i1:
      return visit(std::int8_t{});
    case ArrayType::u2:
      return visit(std::uint16_t{});
    case ArrayType::i2:
      return visit(std::int16_t{});
    case ArrayType::u4:
      return visit(std::uint32_t{});
    case ArrayType::i4:
      return visit(std::int32_t{});
    case ArrayType::u8:
      return visit(std::uint64_t{});
    case ArrayType::i8:
      return visit(std::int64_t{});
    case ArrayType::f2:
      return visit(Half{});
    case ArrayType::f4:
      return visit(float{});
    default:
      return visit(double{});
  }
}

template <class T, class From>
[[noreturn]] void refuse_value(From value, std::size_t index) {
  std::string text;
  if constexpr (std::is_floating_point_v<From>) {
    text = base::number_text(static_cast<double>(value));
  } else {
    text = std::to_string(value);
  }
  throw Error(ErrorCode::format, Reason::invalid,
              "value " + std::to_string(index) + " is " + text + "; whole numbers from " +
                  std::to_string(std::numeric_limits<T>::min()) + " to " +
                  std::to_string(std::numeric_limits<T>::max()) + " are allowed");
}

template <class T, class From>
T converted(From value, std::size_t index) {
  if constexpr (std::is_same_v<From, Half>) {
    return converted<T>(base::half_to_float(value.bits), index);
  } else if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(value);
  } else if constexpr (std::is_floating_point_v<From>) {
    // 2^digits and the least number are exact in both types.
    const auto real = static_cast<double>(value);
    const bool fits = real >= static_cast<double>(std::numeric_limits<T>::min()) &&
                      real < std::ldexp(1.0, std::numeric_limits<T>::digits);
    if (!fits || std::floor(real) < real) refuse_value<T>(value, index);
    return static_cast<T>(value);
  } else {
    const auto whole = static_cast<T>(value);  // NOLINT(bugprone-signed-char-misuse): int8 is a number here
    if (static_cast<From>(whole) != value || (whole < T{}) != (value < From{})) refuse_value<T>(value, index);
    return whole;
  }
}

}  // namespace

std::size_t item_size(ArrayType type) { return facts_of(type).bytes; }

const char* array_type_name(ArrayType type) { return facts_of(type).name; }

std::int64_t ArrayView::size() const {
  std::int64_t product = 1;
  for (const std::int64_t length : shape) product = base::checked_mul(product, length);
  return product;
}

template <class T>
ArrayType array_type_of() {
  if constexpr (std::is_same_v<T, float>) return ArrayType::f4;
  if constexpr (std::is_same_v<T, double>) return ArrayType::f8;
  constexpr bool kSigned = std::is_signed_v<T>;
  switch (sizeof(T)) {
    case 1:
      return kSigned ? ArrayType::i1 : ArrayType::u1;
    case 2:
      return kSigned ? ArrayType::i2 : ArrayType::u2;
    case 4:
      return kSigned ? ArrayType::i4 : ArrayType::u4;
    default:
      return kSigned ? ArrayType::i8 : ArrayType::u8;
  }
}

template <class T>
const T* Array::values() const {
  const bool bytes_of_bool = type == ArrayType::b1 && std::is_same_v<T, std::uint8_t>;
  if (type != array_type_of<T>() && !bytes_of_bool) {
    throw Error(ErrorCode::argument, std::string("the array is ") + array_type_name(type) + ", not " +
                                         array_type_name(array_type_of<T>()));
  }
  return reinterpret_cast<const T*>(bytes.data());
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "(";
  for (std::size_t axis = 0; axis < shape.size(); ++axis)
    text += (axis == 0 ? "" : ", ") + std::to_string(shape[axis]);
  return text + ")";
}

template <class T>
std::vector<T> values_as(const ArrayView& array) {
  std::vector<T> values(static_cast<std::size_t>(array.size()));
  visit_array_type(array.type, [&](auto zero) {
    using From = decltype(zero);
    const auto* from = static_cast<const From*>(array.data);
    for (std::size_t n = 0; n < values.size(); ++n) values[n] = converted<T>(from[n], n);
  });
  return values;
}

template ArrayType array_type_of<std::uint8_t>();
template ArrayType array_type_of<std::int8_t>();
template ArrayType array_type_of<std::uint16_t>();
template ArrayType array_type_of<std::int16_t>();
template ArrayType array_type_of<std::uint32_t>();
template ArrayType array_type_of<std::int32_t>();
template ArrayType array_type_of<std::uint64_t>();
template ArrayType array_type_of<std::int64_t>();
template ArrayType array_type_of<float>();
template ArrayType array_type_of<double>();
template const std::uint8_t* Array::values<std::uint8_t>() const;
template const std::int8_t* Array::values<std::int8_t>() const;
template const std::uint16_t* Array::values<std::uint16_t>() const;
template const std::int16_t* Array::values<std::int16_t>() const;
template const std::uint32_t* Array::values<std::uint32_t>() const;
template const std::int32_t* Array::values<std::int32_t>() const;
template const std::uint64_t* Array::values<std::uint64_t>() const;
template const std::int64_t* Array::values<std::int64_t>() const;
template const float* Array::values<float>() const;
template const double* Array::values<double>() const;
template std::vector<float> values_as<float>(const ArrayView&);
template std::vector<double> values_as<double>(const ArrayView&);
template std::vector<std::uint8_t> values_as<std::uint8_t>(const ArrayView&);
template std::vector<std::uint16_t> values_as<std::uint16_t>(const ArrayView&);
template std::vector<std::uint32_t> values_as<std::uint32_t>(const ArrayView&);
template std::vector<std::int32_t> values_as<std::int32_t>(const ArrayView&);
template std::vector<std::int64_t> values_as<std::int64_t>(const ArrayView&);

}  // namespace musclemap::io
