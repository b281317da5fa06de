#include "decode/flows/clean_up.hpp"

#include <array>

#include "image/labels/fill_label_holes.hpp"
#include "image/labels/label_sizes.hpp"
#include "image/labels/largest_parts.hpp"

namespace musclemap::decode {

void clean_up(const FlowShape& shape, const CellMaskOptions& options, std::vector<std::uint32_t>* labels) {
  const auto which =
      options.compat == CellCompat::v3_1_1_2 ? image::SmallLabels::by_rank : image::SmallLabels::by_number;
  const std::array<std::int64_t, 3> planes{shape.depth, shape.height, shape.width};
  if (options.largest_part_only) image::keep_largest_parts(planes, labels);
  if (options.min_size > 0) image::drop_small_labels(options.min_size, which, labels);
  image::fill_label_holes(planes, shape.axes == 3, labels);
  if (options.min_size > 0) image::drop_small_labels(options.min_size, which, labels);
}

}  // namespace musclemap::decode
