#include "musclemap/labels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace musclemap {
namespace {

// Words that name a bone in any anatomy's name, and those with which they name something else.
constexpr std::array kBoneWords{"bone",       "bones",       "calcaneus", "clavicle", "clavicula", "coccyx",
                                "femur",      "fibula",      "humerus",   "ilium",    "ischium",   "mandible",
                                "metatarsal", "metatarsals", "patella",   "pubis",    "radius",    "rib",
                                "ribs",       "sacrum",      "scapula",   "skull",    "sternum",   "talus",
                                "tibia",      "ulna",        "vertebra",  "vertebrae"};
constexpr std::array kOtherWords{"muscle", "muscles", "fat", "marrow", "tendon", "ligament", "cartilage"};

std::vector<std::string> words_of(const std::string& name) {
  std::vector<std::string> words(1);
  for (const char c : base::ascii_lower(name)) {
    const bool inside = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<signed char>(c) < 0;
    if (inside) words.back() += c;
    if (!inside && !words.back().empty()) words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// "l4", "t12", "c1", "s1".
bool is_vertebra(const std::string& word) {
  if (word.size() < 2 || word.size() > 3 || std::string("ctls").find(word[0]) == std::string::npos)
    return false;
  return std::all_of(word.begin() + 1, word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool names_bone(const std::string& anatomy) {
  const std::vector<std::string> words = words_of(anatomy);
  const auto any_of = [&](const auto& list) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
      return std::find(list.begin(), list.end(), word) != list.end();
    });
  };
  if (any_of(kOtherWords)) return false;
  return any_of(kBoneWords) || (words.size() == 1 && is_vertebra(words[0]));
}

}  // namespace

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

std::string label_kind(const Label& label) {
  if (!label.kind.empty()) return base::ascii_lower(label.kind);
  return names_bone(label.anatomy) ? "bone" : "";
}

}  // namespace musclemap
