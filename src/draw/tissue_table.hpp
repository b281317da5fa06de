// Volumes and shares of a muscle group, a line per side.
#ifndef MUSCLEMAP_DRAW_TISSUE_TABLE_HPP_
#define MUSCLEMAP_DRAW_TISSUE_TABLE_HPP_

#include "draw/canvas.hpp"
#include "draw/tissue_groups.hpp"
#include "draw/views.hpp"

namespace musclemap::draw {

/// Lines of a group's table under its heading: its labels, four at most, and remarks on them.
int table_rows(const TissueGroup& group);
int table_height(int rows);

/// Volume (of the divided voxels; of all voxels where the label is not divided), shares of the classes and
/// the largest section. A label that is not divided has its status in words instead of shares.
void draw_tissue_table(Canvas& canvas, const Box& box, const Views& views, const TissueGroup& group,
                       const TissueOptions& options);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_TISSUE_TABLE_HPP_
