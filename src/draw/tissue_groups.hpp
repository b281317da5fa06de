// Muscles of both sides as one group, with what a tissue map holds of them.
#ifndef MUSCLEMAP_DRAW_TISSUE_GROUPS_HPP_
#define MUSCLEMAP_DRAW_TISSUE_GROUPS_HPP_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "draw/tissue_classes.hpp"
#include "draw/views.hpp"
#include "musclemap/labels.hpp"
#include "musclemap/tissue.hpp"

namespace musclemap::draw {

/// One label of a group.
struct TissueMember {
  std::int32_t label = 0;
  std::string side;  ///< "right", "left", or "" for neither
  std::int64_t voxels = 0;
  std::int64_t largest_section = 0;  ///< voxels in the section that has most of them
  ClassCounts classes{};
  const TissueFit* fit = nullptr;  ///< null where there is none
  /// Muscle, undefined, fat as a table has them; null where the map's voxels are counted.
  const std::array<double, 3>* percent = nullptr;
};

/// Labels of one anatomy: the right ones first, then the left, then the others.
struct TissueGroup {
  std::string name;
  std::vector<TissueMember> members;
  std::int64_t voxels = 0;
  std::int64_t slice = 0;  ///< the section that is largest, all members together
  bool has(std::int32_t label) const;
};

/// Groups of the labels that `views` holds, ascending by their smallest label. Labels that are not in `names`
/// or have no anatomy are groups of their own. `fits` must outlive the groups.
std::vector<TissueGroup> tissue_groups(const Views& views, const std::vector<Label>& names,
                                       const std::vector<TissueFit>& fits);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_TISSUE_GROUPS_HPP_
