// TotalSegmentator's statistics_radiomics.json.
#ifndef MUSCLEMAP_TASK_RADIOMICS_JSON_HPP_
#define MUSCLEMAP_TASK_RADIOMICS_JSON_HPP_

#include <map>
#include <string>
#include <vector>

#include "musclemap/organs.hpp"

namespace musclemap::task {

/// The features of every class, indented by 4; null for a number that is not finite.
std::string radiomics_json(const std::map<std::string, std::vector<RadiomicsFeature>>& of_class);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_RADIOMICS_JSON_HPP_
