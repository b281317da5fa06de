// Options of tasks.
#ifndef MUSCLEMAP_TASK_OPTIONS_HPP_
#define MUSCLEMAP_TASK_OPTIONS_HPP_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace musclemap {

/// Of the networks of total_v3.
enum class ModelSize : std::int32_t { big, small };

/// Whose results are wanted: TotalSegmentator 2.16 to 2.18, or 2.5 (images resampled with cubic splines,
/// windows half a step apart but for `total` at 1.5 mm).
enum class TaskCompat : std::int32_t { v2_16, v2_5 };

/// Component size of TotalSegmentator's `--remove_small_blobs` without a number, in mm3.
inline constexpr double kSmallBlobsMm3 = 200;

/// As the arguments of TotalSegmentator's totalsegmentator(), and of nnU-Net's predictor, by their names.
/// Each makes another task; what does not go together is refused before anything runs
/// (docs/chains/totalsegmentator.md, section 13).
struct TaskOptions {
  bool fast = false;     ///< the network of 3 mm (of body 6 mm)
  bool fastest = false;  ///< the network of 6 mm; `fast` comes first
  /// Of the tasks total, total_v3 and total_mr: these classes alone, in an image cropped to them.
  std::vector<std::string> roi_subset;
  std::vector<std::string>
      roi_subset_robust;          ///< the same, found at 3 mm instead of 6; comes before the other
  bool robust_crop = false;       ///< crops are found at 3 mm instead of 6
  bool body_seg = false;          ///< crop to the body first; CT, without another crop
  bool force_split = false;       ///< three slabs, each for itself; 57 slices or more
  double remove_small_blobs = 0;  ///< mm3; smaller components of any class are dropped; 0: none
  /// Degree of the splines that images are resampled with: 0 to 5; unset: 1, in 2.5 3.
  std::optional<int> resampling_order;
  bool higher_order_resampling = false;  ///< scores, not labels, are taken back to the image's grid
  /// Labels are taken back class by class with linear interpolation, half a voxel apart from the image's.
  bool higher_order_resampling_LEGACY = false;  // NOLINT(readability-identifier-naming): the original's name
  bool v1_order = false;          ///< of task total: values of version 1, without classes it did not have
  bool save_lowres = false;       ///< labels on the network's grid; with fast or fastest
  bool no_derived_masks = false;  ///< of task body: no files for body and skin
  ModelSize model_size = ModelSize::big;  ///< of total_v3
  TaskCompat compat = TaskCompat::v2_16;  ///< whose results are wanted
  /// Of a folder that nnU-Net has trained: windows are mirrored as well, along the axes that it was trained
  /// with. nnU-Net does so unless told not to; here it must be asked for, as it takes up to eight times as
  /// long.
  bool use_mirroring = false;
  /// Where probabilities of all classes are kept, as nnU-Net keeps them: a .npz, and beside it a .pkl. Of a
  /// task with several networks each has files of its own, with its part's name behind: "p_organs.npz".
  /// Empty: they are not kept.
  std::filesystem::path save_probabilities;
};

}  // namespace musclemap

#endif  // MUSCLEMAP_TASK_OPTIONS_HPP_
