#include "task/radiomics_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace musclemap::task {

std::string radiomics_json(const std::map<std::string, std::vector<RadiomicsFeature>>& of_class) {
  using Json = nlohmann::ordered_json;
  Json all = Json::object();
  for (const auto& [name, features] : of_class) {
    Json& entry = all[name] = Json::object();
    for (const RadiomicsFeature& feature : features) {
      entry[feature.name] = std::isfinite(feature.value) ? Json(feature.value) : Json(nullptr);
    }
  }
  return all.dump(4, ' ', false, Json::error_handler_t::replace);
}

}  // namespace musclemap::task
