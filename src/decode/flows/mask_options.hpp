// Options of the way from flows to masks.
#ifndef MUSCLEMAP_DECODE_FLOWS_MASK_OPTIONS_HPP_
#define MUSCLEMAP_DECODE_FLOWS_MASK_OPTIONS_HPP_

#include "base/option.hpp"
#include "musclemap/cells.hpp"

namespace musclemap::base {

template <>
struct Words<CellDynamics> {
  static constexpr WordList<CellDynamics, 2> kList{
      {{CellDynamics::cpu, "cpu"}, {CellDynamics::grid_sample, "grid_sample"}}};
};

template <>
struct Words<CellCompat> {
  static constexpr WordList<CellCompat, 2> kList{
      {{CellCompat::fixed, "fixed"}, {CellCompat::v3_1_1_2, "3.1.1.2"}}};
};

template <>
struct Options<CellMaskOptions> {
  using O = CellMaskOptions;
  static constexpr auto kList = std::make_tuple(
      option("cellprob_threshold", &O::cellprob_threshold, "pixels above it belong to cells"),
      option("flow_threshold", &O::flow_threshold,
             "cells whose flows differ more from the network's go; 0 or less: none do"),
      option("min_size", &O::min_size, "cells of fewer pixels go; 0 or less: none do"),
      option("max_size_fraction", &O::max_size_fraction, "cells of more than this part of the picture go",
             from(0)),
      option("niter", &O::niter, "steps along the flows; the part behind the point is cut off", {0, 1000000}),
      option("interp", &O::interp, "read flows between pixels"),
      option("dynamics", &O::dynamics,
             "how pixels follow flows: cpu (Cellpose 3 on a CPU) or grid_sample (on a GPU, and Cellpose 4)"),
      option("compat", &O::compat, "rules as they are meant, or Cellpose 3.1.1.2 with its defects"),
      option("largest_part_only", &O::largest_part_only, "keep each cell's largest connected part alone"));
};

}  // namespace musclemap::base

#endif  // MUSCLEMAP_DECODE_FLOWS_MASK_OPTIONS_HPP_
