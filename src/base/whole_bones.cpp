#include "base/whole_bones.hpp"

#include <cstdint>
#include <set>

namespace musclemap::base {

std::vector<TissueFit> whole_bones(std::vector<TissueFit> fits, const std::vector<Label>& names,
                                   bool divide) {
  if (divide) return fits;
  std::set<std::int32_t> bones;
  for (const Label& label : names) {
    if (label_kind(label) == "bone") bones.insert(label.value);
  }
  for (TissueFit& fit : fits) {
    if (bones.count(fit.label) == 0) continue;
    TissueFit whole;
    whole.label = fit.label;
    whole.voxels = fit.voxels;
    whole.status = LabelStatus::bone;
    fit = whole;
  }
  return fits;
}

}  // namespace musclemap::base
