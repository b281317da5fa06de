// Errors, the only exception type that the library throws beside std::bad_alloc; and warnings, remarks about
// doubtful input that do not stop a run.
#ifndef MUSCLEMAP_ERROR_HPP_
#define MUSCLEMAP_ERROR_HPP_

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "musclemap/version.hpp"

namespace musclemap {

/// Coarse cause: what a caller branches on. Numbers are frozen and never reused.
enum class ErrorCode : std::int32_t {
  argument = 1,  ///< the caller passed something that is not allowed
  memory,        ///< out of memory, or a stated memory limit does not suffice
  io,            ///< a file cannot be opened, read, written or replaced
  format,        ///< a file's content is not what its format says
  geometry,      ///< an image's position, spacing or shape cannot be used
  model,         ///< a model's weights or description cannot be used
  device,        ///< the inference engine or the compute device is not available
  cancelled,     ///< the run was cancelled
  unsupported,   ///< legal input that this library does not handle
  internal,      ///< a promise inside the library was broken
};

/// Fine cause: what a person or a log wants to know. Names are those of reason_name().
enum class Reason : std::int32_t {
  io = 1,
  not_nifti,
  bad_header,
  unsupported,
  truncated,
  corrupt,
  limit,
  geometry,
  labels,
  nonfinite,
  bad_json,
  nomem,
  cancelled,
  timeout,
  busy,
  forked,
  invalid,
  model,
  internal,
};

/// @param code any number
/// @return "argument", "memory", …; "unknown" for a number outside the list
MUSCLEMAP_API const char* code_name(ErrorCode code) noexcept;

/// @param reason any number
/// @return "io", "not_nifti", …; "unknown" for a number outside the list
MUSCLEMAP_API const char* reason_name(Reason reason) noexcept;

/// One failure. The message is one line: what was wrong, the value seen, the value allowed; it does not
/// repeat the file, which stands in file(). Immutable.
class MUSCLEMAP_API Error : public std::runtime_error {
 public:
  /// The reason is the most general one of that code.
  /// @param code coarse cause
  /// @param message one line without the file
  Error(ErrorCode code, const std::string& message);
  /// @param code coarse cause
  /// @param reason fine cause
  /// @param message one line without the file
  /// @param file that the error is about; empty: none
  Error(ErrorCode code, Reason reason, const std::string& message, std::filesystem::path file = {});

  /// @return coarse cause
  ErrorCode code() const noexcept { return code_; }
  /// @return fine cause
  Reason reason() const noexcept { return reason_; }
  /// @return the file that the error is about; empty when it is about no file
  const std::filesystem::path& file() const noexcept { return file_; }
  /// @param file that the error shall be about
  /// @return the same error, told about `file` if it names none yet
  Error about(const std::filesystem::path& file) const;

 private:
  ErrorCode code_;
  Reason reason_;
  std::filesystem::path file_;
};

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
  small_range,        ///< values so close together that whole numbers of them tell little
  series_ignored,     ///< a file of several pictures, of which the first is used
  wide_labels,        ///< so many cells that labels have 32 bits
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

#endif  // MUSCLEMAP_ERROR_HPP_
