#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "base/warnings.hpp"
#include "image/reordered.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/output_guard.hpp"
#include "io/nifti/nifti_paths.hpp"
#include "musclemap/error.hpp"
#include "musclemap/nifti.hpp"
#include "musclemap/organs.hpp"
#include "task/label_map_file.hpp"
#include "task/radiomics_json.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;
using FeaturesOfClass = std::map<std::string, std::vector<RadiomicsFeature>>;

/// In the order of their names.
std::vector<fs::path> masks_of(const fs::path& folder) {
  std::vector<fs::path> masks;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = base::ascii_lower(entry.path().filename().string());
    const auto ends = [&](const std::string& end) {
      return name.size() > end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
    };
    if (ends(".nii.gz") || ends(".nii")) masks.push_back(entry.path());
  }
  std::sort(masks.begin(), masks.end());
  if (masks.empty()) throw Error(ErrorCode::io, "the folder has no .nii.gz").about(folder);
  return masks;
}

Volume on_image(const Volume& image, const Volume& labels, const fs::path& file, const RunControl& control) {
  return image::reordered(labels, task::axes_on(image.geometry(), "image", labels.geometry(), file, control));
}

FeaturesOfClass features_of_folder(const Volume& image, const std::vector<fs::path>& masks,
                                   const RunControl& control) {
  FeaturesOfClass result;
  for (const fs::path& file : masks) {
    const Volume mask = on_image(image, read_nifti(file, {}, control), file, control);
    result[io::image_stem(file)] = radiomics(image, mask, {1}, control).front();
  }
  return result;
}

FeaturesOfClass features_of_map(const Volume& image, const fs::path& file, const RunControl& control) {
  const std::vector<Label> names = task::names_of_map(*open_nifti(file), file, "total", control);
  const Volume labels = on_image(image, read_nifti(file, {}, control), file, control);
  return task::features_by_class(image, labels, names, control);
}

}  // namespace

void radiomics_file(const fs::path& image, const fs::path& labels, const fs::path& out,
                    const RunControl& control) {
  std::error_code ignored;
  const bool folder = fs::is_directory(labels, ignored);
  const std::vector<fs::path> masks = folder ? masks_of(labels) : std::vector<fs::path>{labels};
  io::OutputGuard guard;
  guard.reads_image(image, "image");
  for (const fs::path& file : masks) guard.reads_image(file, "label map");
  guard.writes(out, "result");
  const Volume values = read_nifti(image, {}, control);
  const std::string text = task::radiomics_json(folder ? features_of_folder(values, masks, control)
                                                       : features_of_map(values, labels, control));
  io::AtomicFile file(out);
  file.write(text.data(), text.size());
  file.commit();
}

}  // namespace musclemap
