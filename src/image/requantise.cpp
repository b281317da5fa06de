#include "image/requantise.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "musclemap/error.hpp"

namespace musclemap::image {
namespace {

// Least and greatest value of an integer type that a float32 represents exactly.
struct IntegerRange {
  const char* dtype;
  float low;
  float high;
};

constexpr std::array<IntegerRange, 8> kRanges{{{"int8", -128.0F, 127.0F},
                                               {"uint8", 0.0F, 255.0F},
                                               {"int16", -32768.0F, 32767.0F},
                                               {"uint16", 0.0F, 65535.0F},
                                               {"int32", -2147483648.0F, 2147483520.0F},
                                               {"uint32", 0.0F, 4294967040.0F},
                                               {"int64", -9223372036854775808.0F, 9223371487098961920.0F},
                                               {"uint64", 0.0F, 18446742974197923840.0F}}};

struct Scaling {
  float slope = 1;
  float inter = 0;
};

// Matches the values' range with the type's, in extended precision; an unsigned type takes the end nearer to
// zero as its zero.
Scaling fit(float least, float greatest, const IntegerRange& range) {
  if (least == greatest) return {1, least};
  const long double in_low = least;
  const long double in_high = greatest;
  const long double out_low = range.low;
  const long double out_high = range.high;
  const long double slope = (in_high - in_low) / (out_high - out_low);
  if (range.low == 0 && std::fabs(greatest) < std::fabs(least)) {
    return {static_cast<float>(-slope), static_cast<float>(in_high)};
  }
  return {static_cast<float>(slope), static_cast<float>(in_low - out_low * slope)};
}

float to_raw(float value, const Scaling& scaling) {
  if (scaling.inter != 0) value -= scaling.inter;
  if (scaling.slope != 1) value /= scaling.slope;
  return std::nearbyint(value);
}

}  // namespace

void requantise(float* values, std::size_t count, const std::string& dtype) {
  if (dtype == "float32" || dtype == "float64" || dtype == "float128" || count == 0) return;
  const auto* range =
      std::find_if(kRanges.begin(), kRanges.end(), [&](const IntegerRange& r) { return dtype == r.dtype; });
  if (range == kRanges.end()) throw Error(ErrorCode::argument, "chunks cannot be stored as '" + dtype + "'");
  const auto [least, greatest] = std::minmax_element(values, values + count);
  if (*least == 0 && *greatest == 0) return;
  const Scaling scaling = fit(*least, *greatest, *range);
  float low = to_raw(*least, scaling);
  float high = to_raw(*greatest, scaling);
  if (low > high) std::swap(low, high);
  low = std::max(low, range->low);
  high = std::min(high, range->high);
  const bool scaled = scaling.slope != 1 || scaling.inter != 0;
  for (std::size_t i = 0; i < count; ++i) {
    const float raw = std::clamp(to_raw(values[i], scaling), low, high);
    values[i] = scaled ? static_cast<float>(static_cast<double>(raw) * static_cast<double>(scaling.slope) +
                                            static_cast<double>(scaling.inter))
                       : raw;
  }
}

}  // namespace musclemap::image
