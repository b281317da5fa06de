// Remarks about doubtful input that does not stop a run.
#ifndef MUSCLEMAP_WARNING_HPP_
#define MUSCLEMAP_WARNING_HPP_

#include <cstdint>
#include <string>

#include "musclemap/export.hpp"

namespace musclemap {

/// Kind of a remark: what a program branches on. Numbers and names (those of warning_name()) are frozen and
/// never reused; docs/warnings.md says what each means and what to do about it.
enum class WarningCode : std::int32_t {
  header_field = 1,   ///< a field of a header is odd and was passed over
  unit,               ///< the file's unit of space is not the millimetre, or unknown
  orientation,        ///< left and right, or the position, are unknown or stated twice
  voxel_size,         ///< two statements about the voxel size disagree
  shear,              ///< the voxel axes are not at right angles
  no_spacing,         ///< the image has no voxel size; lengths and volumes are in voxels
  grid_tolerance,     ///< two grids differ a little and are taken as one
  grid_reordered,     ///< the label map was reordered to the image's axes
  labels_rounded,     ///< labels that are nearly integers were rounded
  empty_label_map,    ///< a label map without any label
  label_unnamed,      ///< a label that the table of names does not have
  label_border,       ///< a label that touches the border of the image
  label_not_divided,  ///< a label that could not be divided into tissues
  classes_overlap,    ///< a division whose thresholds or classes are implausible
  nonfinite,          ///< NaN or infinite voxels
  beyond_float32,     ///< finite voxels that single precision cannot hold
  blank_image,        ///< every voxel has one value
  not_hu,             ///< CT numbers are needed and the values are none
  clustering_on_ct,   ///< dark is taken as muscle, and the image is a CT
  inputs_swapped,     ///< image and label map look exchanged
  dixon_swapped,      ///< fat and water image look exchanged
  dixon_no_signal,    ///< labelled voxels with neither fat nor water
  names_ignored,      ///< a file beside the label map is no table of names
  names_changed,      ///< names or values were changed to suit a viewer
  results_apart,      ///< the usual names hold the results of another label map
};

/// @param code any number
/// @return "header_field", "unit", …; "unknown" for a number outside the list
MUSCLEMAP_API const char* warning_name(WarningCode code) noexcept;

/// One remark. Plain value.
struct Warning {
  WarningCode code;  ///< its kind
  std::string text;  ///< one line
};

/// @param a one remark
/// @param b another
/// @return whether both are of one kind and have one text
inline bool operator==(const Warning& a, const Warning& b) { return a.code == b.code && a.text == b.text; }

}  // namespace musclemap

#endif  // MUSCLEMAP_WARNING_HPP_
