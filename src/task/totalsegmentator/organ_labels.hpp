// Classes of TotalSegmentator as labels.
#ifndef MUSCLEMAP_TASK_TOTALSEGMENTATOR_ORGAN_LABELS_HPP_
#define MUSCLEMAP_TASK_TOTALSEGMENTATOR_ORGAN_LABELS_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "musclemap/labels.hpp"

namespace musclemap::task {

/// The name of the class is the label's anatomy, its SNOMED CT code that of the structure, whatever its side.
Label organ_label(std::int32_t value, const std::string& name);

/// Of all classes of a task that there is, values from 1.
std::vector<Label> labels_of_known_task(const std::string& name);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_TOTALSEGMENTATOR_ORGAN_LABELS_HPP_
