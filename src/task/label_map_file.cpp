#include "task/label_map_file.hpp"

#include "base/warnings.hpp"
#include "image/grid_check.hpp"
#include "io/nifti/label_extension.hpp"
#include "musclemap/error.hpp"
#include "task/totalsegmentator/organ_labels.hpp"

namespace musclemap::task {
std::vector<Label> names_of_map(const NiftiReader& map, const std::filesystem::path& file,
                                const std::string& task, const RunControl& control) {
  std::vector<Label> names = io::labels_in_header(*map.header());
  if (names.empty()) names = labels_beside(file, control);
  return names.empty() ? labels_of_known_task(task) : names;
}

image::Orientation axes_on(const Geometry& reference, const char* what, const Geometry& map,
                           const std::filesystem::path& file, const RunControl& control) {
  try {
    const image::GridMatch match =
        image::match_grids({reference, what}, {map, "label map"}, kGeometryTolerance);
    base::warn(control, match.warnings);
    return match.to_reference;
  } catch (const Error& error) {
    throw error.about(file);
  }
}

}  // namespace musclemap::task
