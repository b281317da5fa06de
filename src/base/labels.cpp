#include "musclemap/labels.hpp"

#include <algorithm>
#include <cmath>

namespace musclemap {

std::string display_name(const Label& label) {
  if (label.anatomy.empty()) return "label " + std::to_string(label.value);
  if (label.side.empty() || label.side == "no side") return label.anatomy;
  return label.anatomy + ", " + label.side;
}

std::array<std::uint8_t, 3> label_colour(std::int32_t value) noexcept {
  // Hues a golden-ratio step apart keep neighbouring values distinct; saturation and brightness alternate.
  const double hue = std::fmod(0.11 + 0.6180339887498949 * static_cast<double>(value), 1.0);
  const double saturation = (value & 2) != 0 ? 0.60 : 0.85;
  const double brightness = (value & 4) != 0 ? 0.80 : 1.0;
  const auto channel = [&](double shift) {
    const double x = std::fmod(hue * 6.0 + shift + 12.0, 6.0);
    const double ramp = std::clamp(std::min(x, 4.0 - x), 0.0, 1.0);
    return static_cast<std::uint8_t>(std::lround(255.0 * brightness * (1.0 - saturation * ramp)));
  };
  return {channel(5.0), channel(3.0), channel(1.0)};
}

}  // namespace musclemap
