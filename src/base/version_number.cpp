#include "base/version_number.hpp"

#include <cstddef>
#include <string>

namespace musclemap::base {
namespace {

constexpr std::size_t kMostParts = 8;
constexpr std::size_t kMostDigits = 9;

}  // namespace

std::optional<Version> parse_version(std::string_view text) {
  if (!text.empty() && text.front() == 'v') text.remove_prefix(1);
  Version version;
  for (bool more = true; more;) {
    const std::size_t dot = text.find('.');
    const std::string_view part = text.substr(0, dot);
    if (part.empty() || part.size() > kMostDigits || version.size() == kMostParts ||
        part.find_first_not_of("0123456789") != std::string_view::npos) {
      return std::nullopt;
    }
    version.push_back(std::stol(std::string(part)));
    more = dot != std::string_view::npos;
    if (more) text.remove_prefix(dot + 1);
  }
  while (version.size() > 1 && version.back() == 0) version.pop_back();
  return version;
}

}  // namespace musclemap::base
