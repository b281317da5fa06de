// What label maps of TotalSegmentator's classes tell beside volumes: contrast phase, modality, unions of
// classes. Networks run where a Segmenter is given in place of label maps. docs/chains/companions.md has the
// rules.
#ifndef MUSCLEMAP_ORGANS_HPP_
#define MUSCLEMAP_ORGANS_HPP_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "musclemap/labels.hpp"
#include "musclemap/run.hpp"
#include "musclemap/version.hpp"
#include "musclemap/volume.hpp"

namespace musclemap {

class Segmenter;

/// A label map with the names of its values.
struct NamedLabelMap {
  Volume map;                ///< of an integer dtype
  std::vector<Label> names;  ///< of its values; display names or class names such as "kidney_left"
};

/// When after the injection of contrast medium a CT was taken, as totalseg_get_phase estimates it.
struct ContrastPhase {
  double pi_time_s = 0;      ///< seconds after the injection, mean of five estimates; 2 decimals
  std::string phase;         ///< "native", "arterial_early", "arterial_late" or "portal_venous"
  double probability = 0;    ///< that the original gives to a time of this range: 1, 0.7 or 0.3
  double pi_time_min_s = 0;  ///< least of the five; 2 decimals
  double pi_time_max_s = 0;  ///< largest of the five; 2 decimals
  double stddev_s = 0;       ///< of the five; 4 decimals
  /// A brain is in the image and no map names neck vessels: the original would have looked for them.
  bool head_neck_missing = false;
};

/// CT or MR, as totalseg_get_modality tells them.
struct Modality {
  std::string modality;    ///< "ct" or "mr"
  double probability = 0;  ///< share of the five votes
};

/// From the medians of 16 organs and 4 neck vessels. A class without voxels counts as 0 HU, and so do the
/// vessels unless there are more than 100 mm3 of brain. Errors: `argument` where no map names one of the
/// organs; `geometry` where a map is not on the image's grid; `cancelled`.
/// @param image a CT in HU; values are truncated to 16-bit integers
/// @param maps of the task total; and of headneck_bones_vessels, if there is one
/// @param control threads and cancel
/// @return the estimate
MUSCLEMAP_API ContrastPhase contrast_phase(const Volume& image, const std::vector<NamedLabelMap>& maps,
                                           const RunControl& control = {});

/// The same for files, in bounded memory. Names come from the label table in a map's header, else from the
/// .json beside it, else the values are those of the task total. Errors as above, and those of open_nifti().
/// @param image a CT in HU
/// @param maps of the task total; and of headneck_bones_vessels, if there is one
/// @param control threads and cancel; hears warnings
/// @return the estimate
MUSCLEMAP_API ContrastPhase contrast_phase_file(const std::filesystem::path& image,
                                                const std::vector<std::filesystem::path>& maps,
                                                const RunControl& control = {});

/// The same with label maps that are found here. The medians of the task total are taken on its own grid,
/// those of the neck on the image's. Errors as above, and those of Segmenter::run_with_grid().
/// @param image a CT in HU; slices are asked for more than once
/// @param total of the task total; the original's is opened with TaskOptions::fast
/// @param head_neck gives one of the task headneck_bones_vessels; asked once, where there is a head. Empty,
///        or gives null: head_neck_missing
/// @param control progress, cancelling, limits
/// @return the estimate
MUSCLEMAP_API ContrastPhase contrast_phase(SlabReader& image, Segmenter& total,
                                           const std::function<Segmenter*()>& head_neck,
                                           const RunControl& control = {});

/// The same for a file, of several volumes for the first. Errors as above, and those of open_nifti().
/// @param image a CT in HU
/// @param total as above
/// @param head_neck as above
/// @param control progress, cancelling, limits; hears warnings
/// @return the estimate
MUSCLEMAP_API ContrastPhase contrast_phase_file(const std::filesystem::path& image, Segmenter& total,
                                                const std::function<Segmenter*()>& head_neck,
                                                const RunControl& control = {});

/// From mean, spread, minimum and maximum of the image. In effect the original's trees ask whether there are
/// negative values: an image of Hounsfield units has them, and so has an MR image that was filtered or
/// resampled with a spline, which is then taken for a CT.
/// @param image with the values that the scanner gave
/// @param control threads and cancel
/// @return the votes
MUSCLEMAP_API Modality image_modality(const Volume& image, const RunControl& control = {});

/// The same for a file, in bounded memory. Errors as above, and those of open_nifti().
/// @param image with the values that the scanner gave
/// @param control threads and cancel; hears warnings
/// @return the votes
MUSCLEMAP_API Modality image_modality_file(const std::filesystem::path& image,
                                           const RunControl& control = {});

/// From the medians of 16 structures in the image scaled to 0..1, for images whose values were normalised.
/// Errors as those of contrast_phase().
/// @param image with any values
/// @param map of the task total_mr
/// @param control threads and cancel
/// @return the votes
MUSCLEMAP_API Modality normalised_modality(const Volume& image, const NamedLabelMap& map,
                                           const RunControl& control = {});

/// The same for files, in bounded memory; names as those of contrast_phase_file().
/// @param image with any values
/// @param map of the task total_mr
/// @param control threads and cancel; hears warnings
/// @return the votes
MUSCLEMAP_API Modality normalised_modality_file(const std::filesystem::path& image,
                                                const std::filesystem::path& map,
                                                const RunControl& control = {});

/// The same with a label map that is found here, on the task's own grid. Errors as above, and those of
/// Segmenter::run_with_grid().
/// @param image with any values; slices are asked for more than once
/// @param total_mr of the task total_mr; the original's is opened with TaskOptions::fast
/// @param control progress, cancelling, limits
/// @return the votes
MUSCLEMAP_API Modality normalised_modality(SlabReader& image, Segmenter& total_mr,
                                           const RunControl& control = {});

/// The same for a file, of several volumes for the first. Errors as above, and those of open_nifti().
/// @param image with any values
/// @param total_mr as above
/// @param control progress, cancelling, limits; hears warnings
/// @return the votes
MUSCLEMAP_API Modality normalised_modality_file(const std::filesystem::path& image, Segmenter& total_mr,
                                                const RunControl& control = {});

/// One number of a label.
struct RadiomicsFeature {
  std::string name;  ///< "shape_Elongation", "firstorder_Mean", …
  double value = 0;  ///< 4 decimals; mm and the image's values
};

/// The 14 shape and 18 first-order features of pyradiomics at 3 mm, as TotalSegmentator asks for them. A
/// label for which there are none (no voxels, one voxel, a line, the whole image) has 107 features of 0,
/// texture among them, as the original writes it. Errors: `argument`, `geometry` (grids differ), `cancelled`.
/// @param image of any dtype; values between voxels are truncated where it is an integer
/// @param labels of an integer dtype on the image's grid
/// @param values that are looked for
/// @param control threads, which change no number, and cancel
/// @return for each of the values
MUSCLEMAP_API std::vector<std::vector<RadiomicsFeature>> radiomics(const Volume& image, const Volume& labels,
                                                                   const std::vector<std::int32_t>& values,
                                                                   const RunControl& control = {});

/// The same for files, written as TotalSegmentator's statistics_radiomics.json, whole or not at all. Holds
/// the image and one label map. Errors as above, and those of open_nifti().
/// @param image of any dtype
/// @param labels a folder with a mask a class (`<class>.nii.gz`, the label is 1), or a label map with names
///        as those of contrast_phase_file()
/// @param out JSON: the features by name of the class, in the order of names
/// @param control threads and cancel; hears warnings
MUSCLEMAP_API void radiomics_file(const std::filesystem::path& image, const std::filesystem::path& labels,
                                  const std::filesystem::path& out, const RunControl& control = {});

/// The classes that a union joins. Error `argument` for another name, which lists what there is.
/// @param name "lung", "lung_left", "lung_right", "vertebrae", "ribs", "vertebrae_ribs", "heart", "pelvis" or
///        "body"; "lungcomm" is "lung"
/// @return class names
MUSCLEMAP_API std::vector<std::string> classes_of_union(const std::string& name);

/// Error `argument` where the map names no voxels of one of the classes.
/// @param labels of an integer dtype
/// @param classes such as classes_of_union() gives
/// @return u8: 1 where one of the classes is, on the grid of the map
MUSCLEMAP_API Volume combined_mask(const NamedLabelMap& labels, const std::vector<std::string>& classes);

/// Joins the masks of a folder (`<class>.nii.gz` or `.nii`; above 0.5 counts) or the labels of one file and
/// writes them as a mask, whole or not at all, slice by slice. Errors: `argument`, `io` (a class has no
/// file), `geometry` (grids differ), those of open_nifti().
/// @param masks folder, or label map with names as those of contrast_phase_file()
/// @param classes such as classes_of_union() gives
/// @param out .nii or .nii.gz
/// @param control cancel; hears warnings
MUSCLEMAP_API void combine_masks_file(const std::filesystem::path& masks,
                                      const std::vector<std::string>& classes,
                                      const std::filesystem::path& out, const RunControl& control = {});

}  // namespace musclemap

#endif  // MUSCLEMAP_ORGANS_HPP_
