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

/// radiomics() of the named labels, by the names of their classes.
std::map<std::string, std::vector<RadiomicsFeature>> features_by_class(const Volume& image,
                                                                       const Volume& labels,
                                                                       const std::vector<Label>& names,
                                                                       const RunControl& control);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_RADIOMICS_JSON_HPP_
