// Options of TotalSegmentator's tasks, and which of them go together.
#ifndef MUSCLEMAP_TASK_TASK_OPTIONS_HPP_
#define MUSCLEMAP_TASK_TASK_OPTIONS_HPP_

#include <string>
#include <vector>

#include "base/option.hpp"
#include "musclemap/task.hpp"

namespace musclemap::base {

template <>
struct Words<ModelSize> {
  static constexpr WordList<ModelSize, 2> kList{{{ModelSize::big, "big"}, {ModelSize::small, "small"}}};
};

template <>
struct Words<TaskCompat> {
  static constexpr WordList<TaskCompat, 2> kList{{{TaskCompat::v2_16, "2.16"}, {TaskCompat::v2_5, "2.5"}}};
};

template <>
struct Options<TaskOptions> {
  using O = TaskOptions;
  static constexpr auto kList = std::make_tuple(
      option("fast", &O::fast, "the faster network of 3 mm"),
      option("fastest", &O::fastest, "the fastest network, of 6 mm"),
      option("roi_subset", &O::roi_subset, "these classes alone (tasks total, total_v3, total_mr)"),
      option("roi_subset_robust", &O::roi_subset_robust, "the same, found at 3 mm instead of 6"),
      option("robust_crop", &O::robust_crop, "find what the image is cropped to at 3 mm instead of 6"),
      option("body_seg", &O::body_seg, "crop to the body first (CT)"),
      option("force_split", &O::force_split, "run three slabs one after the other, for less memory"),
      option("remove_small_blobs", &O::remove_small_blobs,
             "drop connected components of at most so many mm3; 0: none", from(0)),
      option("resampling_order", &O::resampling_order,
             "degree of the splines that the image is resampled with (default: 1; compat 2.5: 3)", {0, 5}),
      option("higher_order_resampling", &O::higher_order_resampling,
             "take scores, not labels, to the image's grid"),
      option("higher_order_resampling_LEGACY", &O::higher_order_resampling_LEGACY,
             "take labels to the image's grid class by class, with smooth borders"),
      option("v1_order", &O::v1_order, "values of TotalSegmentator 1 (task total)"),
      option("save_lowres", &O::save_lowres, "labels on the network's grid (with fast or fastest)"),
      option("no_derived_masks", &O::no_derived_masks, "no files for body and skin (task body)"),
      option("model_size", &O::model_size, "networks of total_v3"),
      option("compat", &O::compat, "the version of TotalSegmentator whose results are wanted"),
      option("use_mirroring", &O::use_mirroring,
             "mirror windows along the axes that the network was trained with (folders of nnU-Net)"),
      option("save_probabilities", &O::save_probabilities,
             "write probabilities of all classes into this .npz, and a .pkl beside it, as nnU-Net does"));
};

}  // namespace musclemap::base

namespace musclemap::task {

/// Error `argument` for an option that is set; those named in `but` may be. `why` follows the name of the
/// option.
void refuse_task_options(const TaskOptions& options, const std::string& why,
                         const std::vector<std::string>& but = {});

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_TASK_OPTIONS_HPP_
