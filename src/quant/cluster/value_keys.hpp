// Unsigned keys that have the order of the numbers they stand for.
#ifndef MUSCLEMAP_QUANT_CLUSTER_VALUE_KEYS_HPP_
#define MUSCLEMAP_QUANT_CLUSTER_VALUE_KEYS_HPP_

#include <cstdint>
#include <cstring>
#include <type_traits>

namespace musclemap::quant {

template <class T>
using KeyOf = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

/// T is std::int32_t, float or double. Negative floating-point numbers have all bits turned round, others the
/// sign alone. -0.0 becomes 0.0; NaN has no place in the order.
template <class T>
KeyOf<T> key_of(T value) {
  using Key = KeyOf<T>;
  constexpr Key kSign = Key{1} << (8 * sizeof(Key) - 1);
  Key bits;
  if constexpr (std::is_floating_point_v<T>) value += T{0};  // -0.0 + 0.0 is 0.0
  std::memcpy(&bits, &value, sizeof bits);
  if constexpr (std::is_integral_v<T>) return bits ^ kSign;
  return (bits & kSign) != 0 ? static_cast<Key>(~bits) : bits | kSign;
}

/// The number that key_of() got.
template <class T>
T value_of(KeyOf<T> key) {
  using Key = KeyOf<T>;
  constexpr Key kSign = Key{1} << (8 * sizeof(Key) - 1);
  Key bits = key ^ kSign;
  if constexpr (std::is_floating_point_v<T>) {
    if ((key & kSign) == 0) bits = static_cast<Key>(~key);
  }
  T value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CLUSTER_VALUE_KEYS_HPP_
