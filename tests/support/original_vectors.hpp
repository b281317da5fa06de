// Numbers that TotalSegmentator's own functions gave, from the folder of reference data.
#ifndef MUSCLEMAP_TESTS_SUPPORT_ORIGINAL_VECTORS_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_ORIGINAL_VECTORS_HPP_

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "support/shared_data.hpp"

namespace musclemap::test {

/// An entry of totalsegmentator/vectors.json; empty where the folder is absent. Flat arrays have the first
/// axis fastest unless the entry says otherwise.
inline std::optional<nlohmann::json> original_vectors(const char* key) {
  const std::filesystem::path folder = shared_data();
  if (folder.empty()) return std::nullopt;
  std::ifstream file(folder / "totalsegmentator" / "vectors.json");
  return nlohmann::json::parse(file).at(key);
}

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_ORIGINAL_VECTORS_HPP_
