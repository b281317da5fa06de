#include "base/warnings.hpp"

namespace musclemap {

const char* warning_name(WarningCode code) noexcept {
  switch (code) {
    case WarningCode::header_field:
      return "header_field";
    case WarningCode::unit:
      return "unit";
    case WarningCode::orientation:
      return "orientation";
    case WarningCode::voxel_size:
      return "voxel_size";
    case WarningCode::shear:
      return "shear";
    case WarningCode::no_spacing:
      return "no_spacing";
    case WarningCode::grid_tolerance:
      return "grid_tolerance";
    case WarningCode::grid_reordered:
      return "grid_reordered";
    case WarningCode::labels_rounded:
      return "labels_rounded";
    case WarningCode::empty_label_map:
      return "empty_label_map";
    case WarningCode::label_unnamed:
      return "label_unnamed";
    case WarningCode::label_border:
      return "label_border";
    case WarningCode::label_not_divided:
      return "label_not_divided";
    case WarningCode::classes_overlap:
      return "classes_overlap";
    case WarningCode::nonfinite:
      return "nonfinite";
    case WarningCode::beyond_float32:
      return "beyond_float32";
    case WarningCode::blank_image:
      return "blank_image";
    case WarningCode::not_hu:
      return "not_hu";
    case WarningCode::clustering_on_ct:
      return "clustering_on_ct";
    case WarningCode::inputs_swapped:
      return "inputs_swapped";
    case WarningCode::dixon_swapped:
      return "dixon_swapped";
    case WarningCode::dixon_no_signal:
      return "dixon_no_signal";
    case WarningCode::names_ignored:
      return "names_ignored";
    case WarningCode::names_changed:
      return "names_changed";
    case WarningCode::results_apart:
      return "results_apart";
    case WarningCode::small_range:
      return "small_range";
    case WarningCode::series_ignored:
      return "series_ignored";
    case WarningCode::wide_labels:
      return "wide_labels";
  }
  return "unknown";
}

namespace base {

void warn(const RunControl& control, WarningCode code, const std::string& text) {
  if (control.on_warning) control.on_warning({code, text});
}

void warn(const RunControl& control, const std::vector<Warning>& warnings) {
  if (!control.on_warning) return;
  for (const Warning& warning : warnings) control.on_warning(warning);
}

}  // namespace base
}  // namespace musclemap
