// Integer arithmetic that reports overflow instead of wrapping.
#ifndef MUSCLEMAP_BASE_CHECKED_HPP_
#define MUSCLEMAP_BASE_CHECKED_HPP_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

#include "musclemap/error.hpp"

namespace musclemap::base {

/// a * b; Error `argument` (reason `limit`) when the product does not fit.
template <class T>
T checked_mul(T a, T b) {
  T product;
  if (__builtin_mul_overflow(a, b, &product)) {
    throw Error(ErrorCode::argument, Reason::limit, "a product of sizes does not fit 64 bits");
  }
  return product;
}

/// a + b; Error `argument` (reason `limit`) when the sum does not fit.
template <class T>
T checked_add(T a, T b) {
  T sum;
  if (__builtin_add_overflow(a, b, &sum)) {
    throw Error(ErrorCode::argument, Reason::limit, "a sum of sizes does not fit 64 bits");
  }
  return sum;
}

/// Value-preserving conversion; Error `argument` (reason `limit`) when `value` does not fit.
template <class To, class From>
To checked_cast(From value) {
  const To converted = static_cast<To>(value);
  if (static_cast<From>(converted) != value || ((converted < To{}) != (value < From{}))) {
    throw Error(ErrorCode::argument, Reason::limit, "a size does not fit its type");
  }
  return converted;
}

/// Error `argument` for a number outside of an enumeration whose numbers run from `first` to `last`.
template <class Enum>
void check_enum(Enum value, Enum first, Enum last, const char* name) {
  if (value >= first && value <= last) return;
  const auto number = [](Enum which) { return std::to_string(static_cast<std::int64_t>(which)); };
  throw Error(ErrorCode::argument, std::string(name) + " is " + number(value) + "; " + number(first) +
                                       " to " + number(last) + " are allowed");
}

/// Error `argument` for a number outside of [least, most].
inline void check_number(std::int64_t value, std::int64_t least, std::int64_t most, const char* name) {
  if (value >= least && value <= most) return;
  const bool open = most == std::numeric_limits<std::int64_t>::max();
  throw Error(ErrorCode::argument,
              std::string(name) + " is " + std::to_string(value) + "; " + std::to_string(least) +
                  (open ? " or more is allowed" : " to " + std::to_string(most) + " is allowed"));
}

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_CHECKED_HPP_
