// TotalSegmentator's tasks as it states them (docs/chains/totalsegmentator.md, section 17).
#ifndef MUSCLEMAP_TASK_TOTALSEGMENTATOR_KNOWN_TASKS_HPP_
#define MUSCLEMAP_TASK_TOTALSEGMENTATOR_KNOWN_TASKS_HPP_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "musclemap/geometry.hpp"

namespace musclemap::task {

/// The version of TotalSegmentator that the tasks are of.
const std::string& known_version();

/// What its authors ask users to cite.
inline constexpr const char* kCitation = "https://pubs.rsna.org/doi/10.1148/ryai.230024";

/// Whose network a task runs.
struct KnownDataset {
  int number = 0;
  std::string folder;   ///< "Dataset297_TotalSegmentator_total_3mm_1559subj"; also the name of the archive
  std::string release;  ///< whose archive it is: "v2.0.0-weights"; empty where a licence is needed
};

struct KnownNetwork {
  const KnownDataset* dataset = nullptr;
  std::string part;         ///< what it finds: "organs"; empty where the task has one network
  std::int32_t first = 1;   ///< value that label 1 of the network becomes; the others follow
  std::int32_t labels = 0;  ///< of the network, without the background and what the task drops
};

/// A task at one resolution.
struct KnownVariant {
  std::string name;                       ///< "default", "fast", "fastest"
  std::vector<KnownNetwork> networks;     ///< where a later one finds a label, that counts
  std::optional<Spacing> spacing_mm;      ///< of the task's grid; nothing: the image's own grid
  std::string trainer;                    ///< "nnUNetTrainer"
  std::string configuration;              ///< "3d_fullres"
  std::optional<std::vector<int>> folds;  ///< nothing: those that are there
  double step = 0.5;                      ///< from window to window, as a part of a window

  /// Where nnU-Net keeps the network, below a folder of results:
  /// <dataset>/<trainer>__<plans>__<configuration>.
  std::filesystem::path folder(const KnownNetwork& network, const std::string& plans) const;
};

/// The image is cropped to the box of these classes of another task, found on a coarse grid.
struct KnownCrop {
  std::vector<std::string> classes;
  std::string task;
  bool robust = false;  ///< the finer one of two coarse networks is used whether it is asked for or not
  double margin_mm = 0;
};

/// What is done to the labels.
struct KnownPolish {
  std::string op;  ///< keep_largest_blob, remove_small_blobs, vertebrae_pp, refine_with_task, remove_outside
  std::vector<std::string> classes;
  double min_mm3 = 0;
  double dilate_mm = 0;
  std::string task;
};

struct KnownTask {
  std::string name;
  std::string modality;                ///< "CT", "MR"
  std::string license;                 ///< of the weights: "Apache-2.0", "CC-BY-NC-4.0", "licensed"
  std::vector<std::string> classes;    ///< values from 1
  std::vector<std::string> auxiliary;  ///< of the network, behind them; dropped
  std::vector<KnownVariant> variants;  ///< the first is the default
  bool fast_ignored = false;           ///< --fast has no effect, where other tasks of one variant refuse it
  std::optional<KnownCrop> crop;
  std::vector<KnownPolish> polish;
  std::vector<std::string> derived_masks;

  const KnownVariant* variant(const std::string& name) const;  ///< null: there is none
  std::int32_t value_of(const std::string& name) const;        ///< of a class; 0: there is none
  bool licensed() const { return license == "licensed"; }
};

/// All, in TotalSegmentator's order. Live for ever.
const std::vector<KnownTask>& known_tasks();

/// Null: there is none of that name.
const KnownTask* known_task(const std::string& name);

/// The names of classes in TotalSegmentator 1's order, values from 1.
const std::vector<std::string>& v1_order();

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_TOTALSEGMENTATOR_KNOWN_TASKS_HPP_
