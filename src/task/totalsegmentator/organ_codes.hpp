// What the classes of TotalSegmentator are called in SNOMED CT.
#ifndef MUSCLEMAP_TASK_TOTALSEGMENTATOR_ORGAN_CODES_HPP_
#define MUSCLEMAP_TASK_TOTALSEGMENTATOR_ORGAN_CODES_HPP_

#include <string>
#include <vector>

namespace musclemap::task {

/// A concept of SNOMED CT; empty: the class has none of that kind.
struct Concept {
  std::string code;     ///< digits
  std::string meaning;  ///< in English
};

/// As a DICOM segmentation states a segment.
struct OrganCode {
  std::string name;  ///< of the class: "kidney_left"
  Concept category;  ///< "Anatomical Structure"
  Concept type;      ///< "Kidney"
  Concept modifier;  ///< "Left"
  Concept region;    ///< where it lies, of what is no structure by itself
  Concept region_modifier;
  std::string colour;  ///< six hexadecimal digits: red, green, blue
};

/// Of the 170 classes that TotalSegmentator knows codes of, among them all of the task total. Live for ever.
const std::vector<OrganCode>& organ_codes();

/// Null: it has none.
const OrganCode* organ_code(const std::string& name);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_TOTALSEGMENTATOR_ORGAN_CODES_HPP_
