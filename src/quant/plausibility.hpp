// Doubts about an image's values: one value alone, no CT numbers where they are needed, CT where they are
// not.
#ifndef MUSCLEMAP_QUANT_PLAUSIBILITY_HPP_
#define MUSCLEMAP_QUANT_PLAUSIBILITY_HPP_

#include <cstdint>
#include <vector>

#include "image/value_survey.hpp"
#include "musclemap/error.hpp"
#include "musclemap/tissue.hpp"
#include "quant/cluster/distinct_values.hpp"

namespace musclemap::quant {

/// Labelled voxels as CT numbers.
struct LabelledHu {
  std::int64_t voxels = 0;
  std::int64_t soft = 0;   ///< in the windows of muscle and fat
  std::int64_t dense = 0;  ///< above soft tissue with contrast agent: dense bone, or no CT number

  void add(const DistinctValues& values);
};

/// blank_image for an image (`what`: "image", "fat image", …) of one value.
void warn_of_blank(const image::ValueSurvey& survey, const char* what, std::vector<Warning>* warnings);

/// not_hu, or clustering_on_ct, for values that do not suit the method. Says nothing of a blank image.
void warn_of_method(TissueMethod method, const image::ValueSurvey& survey, const LabelledHu& labelled,
                    std::vector<Warning>* warnings);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_PLAUSIBILITY_HPP_
