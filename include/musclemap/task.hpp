// What is done to an image, with which networks, until it is a label map.
#ifndef MUSCLEMAP_TASK_HPP_
#define MUSCLEMAP_TASK_HPP_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "musclemap/labels.hpp"
#include "musclemap/run.hpp"
#include "musclemap/version.hpp"

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

/// One network of a task.
struct TaskNetwork {
  std::string file;    ///< below the folder of weights, or beside the task's file
  std::string sha256;  ///< hex; empty: its file has not been read yet
};

/// A task that is ready to be handed to a Segmenter. Cheap shared handle. Immutable.
class MUSCLEMAP_API Task {
 public:
  /// Opens one of: a task of TotalSegmentator by its name ("total"), whose weights are looked for in
  /// weights_search_path(); a folder of a network that nnU-Net has trained, with plans.json; a task's JSON
  /// file with its networks beside it (docs/chains/tasks.md). Plans and descriptions are checked, weights are
  /// not read. Errors: `argument` (an unknown name; options that do not go together or that this kind of task
  /// does not have), `model` (weights that are not there: says where they were looked for, where they come
  /// from and what licence they need), io, format.
  /// @param name_or_path one of these
  /// @return ready to be run
  static Task open(const std::string& name_or_path);
  /// The same with options.
  /// @param name_or_path one of these
  /// @param options of TotalSegmentator's tasks
  /// @param control its cancel is heard
  /// @return ready to be run
  static Task open(const std::string& name_or_path, const TaskOptions& options,
                   const RunControl& control = {});

  /// @return such as "total"
  const std::string& name() const noexcept;
  /// @return of the task; may be empty
  const std::string& version() const noexcept;
  /// @return in ascending order of value; those that a run may give
  const std::vector<Label>& labels() const noexcept;
  /// @return in the order in which they run
  std::vector<TaskNetwork> networks() const;
  /// @return images of one grid that a run takes, the channels of its networks
  int images() const noexcept;
  /// @return the task as JSON, indented (docs/chains/tasks.md)
  std::string json() const;
  /// @return SHA-256 of its canonical JSON, hex
  std::string sha256() const;

  struct State;  ///< inside of the library
  /// @return inside of the library
  const State& state() const noexcept { return *state_; }
  /// Inside of the library.
  /// @param state what the task is
  explicit Task(std::shared_ptr<const State> state) noexcept;

 private:
  std::shared_ptr<const State> state_;
};

}  // namespace musclemap

#endif  // MUSCLEMAP_TASK_HPP_
