#include "quant/tissue_pass.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "image/typed_view.hpp"
#include "musclemap/error.hpp"

namespace musclemap::quant {

TissuePass::TissuePass(const std::vector<TissueFit>& fits, const TissueOptions& options, int section_axis,
                       std::vector<Exclusion> exclusions)
    : section_axis_(section_axis) {
  for (const TissueFit& fit : fits) {
    SliceCounts& counts = counts_[fit.label];
    LabelState state{TissueRule(fit, options), std::nullopt, &counts, {}};
    if (options.method == TissueMethod::gmm && fit.divided()) state.posterior.emplace(fit);
    for (std::size_t n = 0; n < exclusions.size(); ++n) {
      const std::vector<std::int32_t>& labels = exclusions[n].labels;
      const bool named = std::find(labels.begin(), labels.end(), fit.label) != labels.end();
      if (exclusions[n].every_label || named) state.masks.push_back(n + 1);
    }
    states_.emplace(fit.label, std::move(state));
  }
}

TissuePass::LabelState& TissuePass::state_of(std::int32_t label) {
  if (last_ != nullptr && label == last_label_) return *last_;
  const auto found = states_.find(label);
  if (found == states_.end()) {
    throw Error(ErrorCode::format, Reason::labels,
                "label " + std::to_string(label) + " was not there when the labels were divided");
  }
  last_ = &found->second;
  last_label_ = label;
  return *last_;
}

bool TissuePass::excluded(const SweepSlab& slab, const LabelState& state, std::int64_t i,
                          const Stretch& stretch) {
  return std::any_of(state.masks.begin(), state.masks.end(), [&](std::size_t mask) {
    return image::with_view(slab.values[mask],
                            [&](const auto& view) { return view(i, stretch.j, stretch.k) != 0; });
  });
}

void TissuePass::add(const SweepSlab& slab, const TissuePlanes& planes) {
  image::with_view(slab.values[0], [&](const auto& image) {
    for_each_stretch(slab, section_axis_, [&](const Stretch& stretch) {
      LabelState& state = state_of(stretch.label);
      TissueCounts& counts = state.counts->at(stretch.slice);
      for (std::int64_t i = stretch.begin; i < stretch.end; ++i) {
        if (!state.masks.empty() && excluded(slab, state, i, stretch)) continue;
        const auto x = static_cast<double>(image(i, stretch.j, stretch.k));
        state.rule.count(x, &counts);
        if (planes.bits.data != nullptr) planes.bits(i, stretch.j, stretch.k) = state.rule.map_bits(x);
        if (planes.probabilities.empty() || !state.posterior) continue;
        const MixturePosterior::Probabilities p = state.posterior->at(x);
        for (std::size_t c = 0; c < planes.probabilities.size(); ++c) {
          planes.probabilities[c](i, stretch.j, stretch.k) = static_cast<float>(p[c]);
        }
      }
    });
  });
}

}  // namespace musclemap::quant
