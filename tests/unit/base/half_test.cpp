#include "base/half.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

#include "support/catch.hpp"

namespace musclemap::base {
namespace {

bool is_number(std::uint16_t half) { return (half & 0x7fffU) <= 0x7c00U; }

double value_of(std::uint16_t half) {
  const int exponent = (half >> 10) & 31;
  const int digits = half & 1023;
  double size = exponent == 0 ? std::ldexp(digits, -24) : std::ldexp(1024 + digits, exponent - 25);
  if (exponent == 31) size = std::numeric_limits<double>::infinity();
  return (half & 0x8000) != 0 ? -size : size;
}

TEST_CASE("half: every value, there and back", "[base]") {
  int wrong = 0;
  for (std::uint32_t n = 0; n < 65536; ++n) {
    const auto half = static_cast<std::uint16_t>(n);
    const float value = half_to_float(half);
    if (is_number(half)) {
      wrong += static_cast<double>(value) == value_of(half) ? 0 : 1;
      wrong += float_to_half(value) == half ? 0 : 1;
      wrong += double_to_half(static_cast<double>(value)) == half ? 0 : 1;
    } else {
      wrong += std::isnan(value) ? 0 : 1;
      wrong += is_number(float_to_half(value)) ? 1 : 0;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("half: between two values the nearer one, the even one in the middle", "[base]") {
  int wrong = 0;
  for (std::uint32_t n = 0; n + 1 < 0x7c00U; ++n) {
    const auto lower = static_cast<std::uint16_t>(n);
    const auto upper = static_cast<std::uint16_t>(n + 1);
    const double middle = (value_of(lower) + value_of(upper)) / 2;
    const std::uint16_t even = n % 2 == 0 ? lower : upper;
    const auto near = [&](double at, std::uint16_t expected) {
      const auto negative = static_cast<std::uint16_t>(expected | 0x8000U);
      wrong += double_to_half(at) == expected && double_to_half(-at) == negative ? 0 : 1;
    };
    near(middle, even);
    near(std::nextafter(middle, 0), lower);
    near(std::nextafter(middle, 1e9), upper);
    const auto single = static_cast<float>(middle);
    wrong += float_to_half(single) == even ? 0 : 1;
    wrong += float_to_half(std::nextafter(single, 0.0F)) == lower ? 0 : 1;
    wrong += float_to_half(std::nextafter(single, 1e9F)) == upper ? 0 : 1;
  }
  CHECK(wrong == 0);
}

TEST_CASE("half: what is too large is infinite, what is too small 0", "[base]") {
  CHECK(float_to_half(65519.996F) == 0x7bff);
  CHECK(float_to_half(65520) == 0x7c00);
  CHECK(float_to_half(-1e30F) == 0xfc00);
  CHECK(double_to_half(65519.999999) == 0x7bff);
  CHECK(double_to_half(1e300) == 0x7c00);
  CHECK(double_to_half(-1e300) == 0xfc00);
  CHECK(double_to_half(1e-300) == 0);
  CHECK(double_to_half(-1e-300) == 0x8000);
  CHECK(float_to_half(std::ldexp(1.0F, -25)) == 0);
  CHECK(double_to_half(std::ldexp(1.0, -25) * (1 + 1e-15)) == 1);
}

}  // namespace
}  // namespace musclemap::base
