// `dataset.json` of nnU-Net v2: channels of the images and labels of the maps.
#ifndef MUSCLEMAP_IO_WEIGHTS_NNUNET_DATASET_HPP_
#define MUSCLEMAP_IO_WEIGHTS_NNUNET_DATASET_HPP_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace musclemap::io {

/// One entry of `labels`: a value, or a region of several.
struct NnunetLabel {
  std::string name;
  std::vector<int> values;
};

struct NnunetDataset {
  std::vector<std::string> channels;  ///< "CT"
  std::vector<NnunetLabel> labels;    ///< in the order of the file, background with them, without `ignore`
  std::optional<int> ignore_label;    ///< of training; no network gives it
  /// Whether a label is a region: then there is one score a region but the background, in the order of
  /// `labels`, and where the logistic function of score i is above 0.5 the map becomes
  /// regions_class_order[i], a later one over an earlier. Else there is one score a value.
  bool regions = false;
  std::vector<int> regions_class_order;
  std::string file_ending;  ///< ".nii.gz"

  int scores() const;             ///< channels that a network gives
  int foreground_values() const;  ///< channels that a cascade's second network takes beside the image
};

/// Errors: `format` (the field, what was seen, what is allowed).
NnunetDataset parse_nnunet_dataset(std::string_view json);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_NNUNET_DATASET_HPP_
