// The intensities of every label, gathered during a sweep.
#ifndef MUSCLEMAP_QUANT_LABEL_INTENSITIES_HPP_
#define MUSCLEMAP_QUANT_LABEL_INTENSITIES_HPP_

#include <cstdint>
#include <map>
#include <vector>

#include "image/swapped_inputs.hpp"
#include "image/value_survey.hpp"
#include "musclemap/tissue.hpp"
#include "quant/cluster/distinct_values.hpp"
#include "quant/label_sweep.hpp"
#include "quant/plausibility.hpp"

namespace musclemap::quant {

/// Of the sweep's first source of values. One thread at a time.
class LabelIntensities {
 public:
  void add(const SweepSlab& slab);

  /// Divides every label, several at once, and forgets the intensities. Ascending by label. What the method
  /// makes doubtful in the image goes to `warnings`. Error `cancelled`.
  std::vector<TissueFit> fit(const TissueOptions& options, const RunControl& control,
                             std::vector<Warning>* warnings);

 private:
  image::ValueSurvey survey_;
  image::LabelCounts counts_;
  std::map<std::int32_t, DistinctValuesBuilder> builders_;
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_LABEL_INTENSITIES_HPP_
