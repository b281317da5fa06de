// Applying the division of every label to its voxels: counts by slice, bits of the maps, probabilities.
#ifndef MUSCLEMAP_QUANT_TISSUE_PASS_HPP_
#define MUSCLEMAP_QUANT_TISSUE_PASS_HPP_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "quant/by_slice.hpp"
#include "quant/cluster/mixture_posterior.hpp"
#include "quant/label_sweep.hpp"
#include "quant/tissue_rule.hpp"

namespace musclemap::quant {

/// A mask (a source of values of the sweep after the image): its voxels that are not 0 do not count.
struct Exclusion {
  bool every_label = true;
  std::vector<std::int32_t> labels;  ///< where not every label
};

/// Voxels of one slab to fill, zero at first; a view without data is left out.
struct TissuePlanes {
  VoxelView<std::uint8_t> bits{};               ///< MapBits
  std::vector<VoxelView<float>> probabilities;  ///< by component, or none
};

/// Counts of a label, by slice along the section axis.
using SliceCounts = BySlice<TissueCounts>;

class TissuePass {
 public:
  /// The sweep's sources of values are the image and then one mask for each exclusion.
  TissuePass(const std::vector<TissueFit>& fits, const TissueOptions& options, int section_axis,
             std::vector<Exclusion> exclusions);

  /// The next slab, in rising k. Error `format` for a label without a fit.
  void add(const SweepSlab& slab, const TissuePlanes& planes);
  /// One entry for each fit.
  const std::map<std::int32_t, SliceCounts>& counts() const { return counts_; }

 private:
  struct LabelState {
    TissueRule rule;
    std::optional<MixturePosterior> posterior;
    SliceCounts* counts;
    std::vector<std::size_t> masks;  // of the sweep's values
  };

  LabelState& state_of(std::int32_t label);
  static bool excluded(const SweepSlab& slab, const LabelState& state, std::int64_t i,
                       const Stretch& stretch);

  int section_axis_;
  std::map<std::int32_t, SliceCounts> counts_;
  std::map<std::int32_t, LabelState> states_;
  std::int32_t last_label_ = 0;
  LabelState* last_ = nullptr;
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_TISSUE_PASS_HPP_
