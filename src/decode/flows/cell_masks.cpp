#include <algorithm>
#include <chrono>
#include <utility>

#include "base/parallel.hpp"
#include "decode/flows/foreground.hpp"
#include "decode/flows/mask_options.hpp"
#include "decode/flows/masks_of.hpp"
#include "musclemap/cells.hpp"

namespace musclemap {
namespace {

decode::FlowShape shape_of(const CellFlows& flows) {
  const std::int64_t most = decode::Foreground::kMostPixels;
  base::check_number(flows.depth, 0, most, "flows.depth");
  base::check_number(flows.height, 1, most, "flows.height");
  base::check_number(flows.width, 1, most, "flows.width");
  if (flows.flows == nullptr || flows.cellprob == nullptr) {
    throw Error(ErrorCode::argument, "flows and cell logits are both needed; one of them is null");
  }
  return {std::max<std::int64_t>(flows.depth, 1), flows.height, flows.width, flows.depth == 0 ? 2 : 3};
}

decode::Foreground foreground_of(const CellFlows& flows, double cellprob_threshold, int threads) {
  const decode::FlowShape shape = shape_of(flows);
  decode::Foreground foreground(shape, cellprob_threshold);
  decode::FlowRows rows{{}, flows.cellprob, 0, shape.rows()};
  for (std::int64_t axis = 0; axis < shape.axes; ++axis) {
    rows.flows[static_cast<std::size_t>(axis)] = flows.flows + axis * shape.pixels();
  }
  foreground.add_rows(rows, threads);
  return foreground;
}

}  // namespace

CellMasks cell_masks(const CellFlows& flows, const CellMaskOptions& options, const RunControl& control,
                     CellMaskStages* stages) {
  base::check_options(options);
  const auto start = std::chrono::steady_clock::now();
  decode::Foreground foreground =
      foreground_of(flows, options.cellprob_threshold, base::resolve_threads(control.threads));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  CellMasks masks = decode::masks_of(std::move(foreground), options, control, stages);
  masks.seconds.dynamics += seconds.count();
  return masks;
}

}  // namespace musclemap
