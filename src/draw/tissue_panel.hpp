// A plane of the image with its tissues in colour.
#ifndef MUSCLEMAP_DRAW_TISSUE_PANEL_HPP_
#define MUSCLEMAP_DRAW_TISSUE_PANEL_HPP_

#include "draw/canvas.hpp"
#include "draw/panel.hpp"
#include "draw/tissue_groups.hpp"
#include "draw/views.hpp"

namespace musclemap::draw {

/// The part of a section that shows a group: the whole body part, or the group with a generous margin
/// where it fills little of it; as near to `aspect` (width over height) as the plane allows. A group without
/// members gets the body part.
Crop group_crop(const Plane& plane, const TissueGroup& group, const Window& window, double aspect);

/// Grey image, tissues of the group's labels tinted, their outlines white and those of other labels faint.
/// Null: all labels are tinted.
void draw_tissue_panel(Canvas& canvas, const Box& box, const Plane& plane, const Crop& crop,
                       const Window& window, const TissueGroup* group);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_TISSUE_PANEL_HPP_
