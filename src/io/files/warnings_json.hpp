// Remarks as every JSON that the library writes shows them.
#ifndef MUSCLEMAP_IO_FILES_WARNINGS_JSON_HPP_
#define MUSCLEMAP_IO_FILES_WARNINGS_JSON_HPP_

#include <nlohmann/json.hpp>
#include <vector>

#include "musclemap/error.hpp"

namespace musclemap::io {

/// [{"code", "text"}, …].
inline nlohmann::ordered_json warnings_json(const std::vector<Warning>& warnings) {
  nlohmann::ordered_json array = nlohmann::ordered_json::array();
  for (const Warning& warning : warnings) {
    array.push_back({{"code", warning_name(warning.code)}, {"text", warning.text}});
  }
  return array;
}

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_WARNINGS_JSON_HPP_
