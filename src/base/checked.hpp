// Integer arithmetic that reports overflow instead of wrapping.
#ifndef MUSCLEMAP_BASE_CHECKED_HPP_
#define MUSCLEMAP_BASE_CHECKED_HPP_

#include <cstddef>
#include <cstdint>
#include <limits>
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

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_CHECKED_HPP_
