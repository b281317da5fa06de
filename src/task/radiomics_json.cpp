#include "task/radiomics_json.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "quant/organs/class_name.hpp"

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

std::map<std::string, std::vector<RadiomicsFeature>> features_by_class(const Volume& image,
                                                                       const Volume& labels,
                                                                       const std::vector<Label>& names,
                                                                       const RunControl& control) {
  std::vector<std::int32_t> values;
  values.reserve(names.size());
  for (const Label& label : names) values.push_back(label.value);
  const std::vector<std::vector<RadiomicsFeature>> features = radiomics(image, labels, values, control);
  std::map<std::string, std::vector<RadiomicsFeature>> of_class;
  for (std::size_t n = 0; n < names.size(); ++n) of_class[quant::class_name(names[n])] = features[n];
  return of_class;
}

}  // namespace musclemap::task
