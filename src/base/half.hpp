// Half-precision numbers (binary16 of IEEE 754-2019) by their bits, the same on every machine.
#ifndef MUSCLEMAP_BASE_HALF_HPP_
#define MUSCLEMAP_BASE_HALF_HPP_

#include <cstdint>
#include <cstring>

namespace musclemap::base {

/// Exact. What is no number stays none, and quiet.
inline float half_to_float(std::uint16_t half) {
  constexpr std::uint32_t kExponent = 0x7c00U << 13U;
  constexpr std::uint32_t kSmallest = 113U << 23U;  // 2^-14, the smallest normal half
  const std::uint32_t sign = (half & 0x8000U) << 16U;
  std::uint32_t bits = (half & 0x7fffU) << 13U;
  const std::uint32_t exponent = bits & kExponent;
  bits += (127U - 15U) << 23U;
  float value = 0;
  if (exponent == kExponent) {
    bits += (128U - 16U) << 23U;
    if ((half & 0x3ffU) != 0) bits |= 1U << 22U;
  } else if (exponent == 0) {
    float smallest = 0;
    bits += 1U << 23U;
    std::memcpy(&smallest, &kSmallest, sizeof smallest);
    std::memcpy(&value, &bits, sizeof value);
    value -= smallest;
    std::memcpy(&bits, &value, sizeof bits);
  }
  bits |= sign;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// The nearest half, of even last digit where two are as near; infinite from 65520 on.
inline std::uint16_t float_to_half(float value) {
  constexpr std::uint32_t kInfinite = 255U << 23U;
  constexpr std::uint32_t kTooLarge = (127U + 16U) << 23U;
  constexpr std::uint32_t kSmallest = 113U << 23U;
  constexpr std::uint32_t kHalf = 126U << 23U;  // 0.5, whose last digit is worth 2^-24
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  const std::uint32_t sign = bits & 0x80000000U;
  bits ^= sign;
  std::uint32_t half = 0;
  if (bits >= kTooLarge) {
    half = bits > kInfinite ? 0x7e00U | ((bits >> 13U) & 0x3ffU) : 0x7c00U;
  } else if (bits < kSmallest) {
    float magic = 0;
    float size = 0;
    std::memcpy(&magic, &kHalf, sizeof magic);
    std::memcpy(&size, &bits, sizeof size);
    size += magic;
    std::memcpy(&half, &size, sizeof half);
    half -= kHalf;
  } else {
    half = (bits - ((127U - 15U) << 23U) + 0xfffU + ((bits >> 13U) & 1U)) >> 13U;
  }
  return static_cast<std::uint16_t>(half | (sign >> 16U));
}

/// The same of a double, rounded once.
inline std::uint16_t double_to_half(double value) {
  // To single precision with an odd last digit where that is not exact: nothing is lost for the half.
  const auto near = static_cast<float>(value);
  const auto back = static_cast<double>(near);
  std::uint32_t bits = 0;
  std::memcpy(&bits, &near, sizeof bits);
  if ((back < value || back > value) && (bits & 1U) == 0) {
    bits = (back < value) == (value > 0) ? bits + 1 : bits - 1;
  }
  float odd = 0;
  std::memcpy(&odd, &bits, sizeof odd);
  return float_to_half(odd);
}

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_HALF_HPP_
