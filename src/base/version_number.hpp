// Versions such as 1.10, compared by number.
#ifndef MUSCLEMAP_BASE_VERSION_NUMBER_HPP_
#define MUSCLEMAP_BASE_VERSION_NUMBER_HPP_

#include <optional>
#include <string_view>
#include <vector>

namespace musclemap::base {

using Version = std::vector<long>;

/// "1.10" or "v1.10" as {1, 10}; 1.4 and 1.4.0 are the same version. Empty for anything else.
std::optional<Version> parse_version(std::string_view text);

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_VERSION_NUMBER_HPP_
