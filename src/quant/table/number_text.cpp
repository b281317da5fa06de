#include "quant/table/number_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.hpp"

namespace musclemap::quant {
namespace {

// A double has at most 309 digits before the point and 1074 after it.
constexpr int kMostDecimals = 1074;
constexpr int kMostWholeDigits = 309;
constexpr int kSignAndPoint = 2;

std::string fixed_text(double value, int decimals) {
  std::string text(static_cast<std::size_t>(kMostWholeDigits + kSignAndPoint + decimals), '\0');
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals);
  text.resize(static_cast<std::size_t>(end.ptr - text.data()));
  return text;
}

/// Digits with a point behind the first `whole` of them, padded by zeros on either side.
std::string with_point(const std::string& digits, int whole) {
  const int count = static_cast<int>(digits.size());
  if (whole <= 0) return "0." + std::string(static_cast<std::size_t>(-whole), '0') + digits;
  if (whole >= count) return digits + std::string(static_cast<std::size_t>(whole - count), '0') + ".0";
  return digits.substr(0, static_cast<std::size_t>(whole)) + "." +
         digits.substr(static_cast<std::size_t>(whole));
}

}  // namespace

double rounded(double value, int decimals) {
  if (decimals < 0 || !std::isfinite(value)) return value;
  const std::string text = fixed_text(value, std::min(decimals, kMostDecimals));
  double result = value;
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

std::string real_text(double value) {
  if (!std::isfinite(value)) return base::number_text(value);
  std::array<char, 32> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  // [-]d[.ddd]e[+-]dd, the layout of Python's exponent form.
  std::string text(buffer.data(), end.ptr);
  const std::size_t mark = text.find('e');
  const std::size_t first = text[0] == '-' ? 1 : 0;
  const char* exponent_begin = text.data() + mark + (text[mark + 1] == '+' ? 2 : 1);
  int exponent = 0;
  std::from_chars(exponent_begin, text.data() + text.size(), exponent);
  if (exponent < -4 || exponent >= 16) return text;
  std::string digits = text.substr(first, mark - first);
  digits.erase(std::remove(digits.begin(), digits.end(), '.'), digits.end());
  return text.substr(0, first) + with_point(digits, exponent + 1);
}

std::string integer_text(double value) {
  if (!std::isfinite(value)) return base::number_text(value);
  const std::string text = fixed_text(value, 0);
  return text == "-0" ? "0" : text;
}

}  // namespace musclemap::quant
