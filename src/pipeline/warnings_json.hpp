// Remarks as every JSON that the library writes shows them.
#ifndef MUSCLEMAP_PIPELINE_WARNINGS_JSON_HPP_
#define MUSCLEMAP_PIPELINE_WARNINGS_JSON_HPP_

#include <nlohmann/json.hpp>
#include <vector>

#include "musclemap/warning.hpp"

namespace musclemap::pipeline {

/// [{"code", "text"}, …].
inline nlohmann::ordered_json warnings_json(const std::vector<Warning>& warnings) {
  nlohmann::ordered_json array = nlohmann::ordered_json::array();
  for (const Warning& warning : warnings) {
    array.push_back({{"code", warning_name(warning.code)}, {"text", warning.text}});
  }
  return array;
}

}  // namespace musclemap::pipeline

#endif  // MUSCLEMAP_PIPELINE_WARNINGS_JSON_HPP_
