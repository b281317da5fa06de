// Edits of anatomy groups, brought to labels.
#ifndef MUSCLEMAP_METRICS_TISSUE_EDITS_HPP_
#define MUSCLEMAP_METRICS_TISSUE_EDITS_HPP_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "musclemap/metrics.hpp"

namespace musclemap::metrics {

/// Voxels to take out of some labels.
struct Erasure {
  std::filesystem::path mask;
  std::vector<std::int32_t> labels;
};

/// Shifts the thresholds of the groups' labels and says what is to be erased of them. A group is named by its
/// anatomy without side, any case; a label without a name by "label N". Error `argument` for a group that
/// the label map does not hold, listing those it does, and for shifts with hu.
std::vector<Erasure> apply_edits(const TissueEdits& edits, const std::vector<Label>& names,
                                 const TissueOptions& options, std::vector<TissueFit>* fits);

}  // namespace musclemap::metrics

#endif  // MUSCLEMAP_METRICS_TISSUE_EDITS_HPP_
