// An image in the place of its label map.
#ifndef MUSCLEMAP_IMAGE_SWAPPED_INPUTS_HPP_
#define MUSCLEMAP_IMAGE_SWAPPED_INPUTS_HPP_

#include <cstdint>
#include <optional>

#include "image/value_survey.hpp"
#include "musclemap/error.hpp"

namespace musclemap::image {

/// What tells a label map from an image.
struct LabelCounts {
  std::int64_t labels = 0;  ///< different values
  std::int64_t voxels = 0;  ///< that are labelled
  std::int64_t runs = 0;    ///< of voxels of one label along a row

  /// Whether the labels lie as grey values do: many values that change from voxel to voxel.
  bool scattered() const;
};

/// inputs_swapped where the labels are scattered and the image has few values, all of them integers.
std::optional<Warning> doubt_of_places(const ValueSurvey& image, const LabelCounts& labels);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_SWAPPED_INPUTS_HPP_
