#include "io/tiff/tiff_description.hpp"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "io/files/json_file.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

constexpr std::int64_t kMostPlanes = std::int64_t{1} << 31U;
constexpr std::size_t kMostAxes = 16;
constexpr std::string_view kSpaces = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

template <class T>
bool read_number(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

// The number of a line, 1 to kMostPlanes.
bool read_planes(std::string_view text, std::int64_t& value) {
  return read_number(text, value) && value >= 1 && value <= kMostPlanes;
}

}  // namespace

std::optional<ImageJDescription> parse_imagej(std::string_view text) {
  ImageJDescription found;
  bool named = false;
  bool sound = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equal = line.find('=');
    if (equal == std::string_view::npos) continue;
    const std::string_view key = trimmed(line.substr(0, equal));
    const std::string_view value = trimmed(line.substr(equal + 1));
    if (key == "ImageJ" || key == "SCIFIO") named = true;
    if (key == "images") sound = read_planes(value, found.images) && sound;
    if (key == "channels") sound = read_planes(value, found.channels) && sound;
    if (key == "slices") sound = read_planes(value, found.slices) && sound;
    if (key == "frames") sound = read_planes(value, found.frames) && sound;
    if (key == "order") found.order = base::ascii_lower(value);
    if (key == "unit") found.unit = value;
    if (key == "spacing" && (!read_number(value, found.spacing) || !std::isfinite(found.spacing))) {
      found.spacing = 0;
    }
  }
  if (!named || !sound) return std::nullopt;
  found.spacing = std::fabs(found.spacing);
  return found;
}

std::optional<ShapedDescription> parse_shaped(std::string_view text) {
  ShapedDescription found;
  // The form before JSON.
  if (text.substr(0, 7) == "shape=(" && text.back() == ')') {
    std::string_view numbers = text.substr(7, text.size() - 8);
    while (!trimmed(numbers).empty()) {
      const std::size_t end = std::min(numbers.find(','), numbers.size());
      std::int64_t length = 0;
      if (!read_planes(trimmed(numbers.substr(0, end)), length) || found.shape.size() == kMostAxes) {
        return std::nullopt;
      }
      found.shape.push_back(length);
      numbers.remove_prefix(std::min(end + 1, numbers.size()));
    }
    return found.shape.empty() ? std::nullopt : std::optional(found);
  }
  if (text.substr(0, 9) != "{\"shape\":" && text.find("\"shape\":") == std::string_view::npos)
    return std::nullopt;
  if (text.front() != '{' || text.back() != '}') return std::nullopt;
  nlohmann::json object;
  try {
    object = parse_json(text);
  } catch (const Error&) {
    return std::nullopt;
  }
  if (!object.contains("shape") || !object["shape"].is_array() || object["shape"].size() > kMostAxes) {
    return std::nullopt;
  }
  for (const nlohmann::json& length : object["shape"]) {
    if (!length.is_number_integer() || length < 1 || length > kMostPlanes) return std::nullopt;
    found.shape.push_back(length.get<std::int64_t>());
  }
  if (found.shape.empty()) return std::nullopt;
  if (object.contains("axes") && object["axes"].is_string()) found.axes = object["axes"].get<std::string>();
  if (object.contains("truncated") && object["truncated"].is_boolean()) {
    found.truncated = object["truncated"].get<bool>();
  }
  return found;
}

}  // namespace musclemap::io
