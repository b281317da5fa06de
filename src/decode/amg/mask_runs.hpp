// Masks of one object each, as runs of rows.
#ifndef MUSCLEMAP_DECODE_AMG_MASK_RUNS_HPP_
#define MUSCLEMAP_DECODE_AMG_MASK_RUNS_HPP_

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "image/plane.hpp"

namespace musclemap::decode {

/// Pixels [begin, end) of row y.
struct MaskRun {
  std::uint32_t y;
  std::uint32_t begin;
  std::uint32_t end;
};

/// A mask of the Segment Anything Model with what chooses it.
struct SamMask {
  float predicted_iou = 0;  ///< the network's own estimate of how good it is
  float stability = 0;  ///< pixels with a logit above 1 to those with one above -1; no number where none has
  std::array<std::int64_t, 4> box{};  ///< x0, y0, x1, y1 of the outermost pixels, all inside; zeros if empty
  std::int64_t area = 0;              ///< pixels
  std::vector<MaskRun> runs;          ///< row by row
};

/// The pixels whose logit is above 0, from a plane's rows in turn, so that no plane is held.
/// docs/chains/cells.md#amg. Error `argument` where a row has 2^31 pixels or more.
/// @param row of logits, read before the next one is asked for
SamMask reduce_logits(const std::function<const float*(std::int64_t y)>& row, const image::PlaneShape& shape);

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_AMG_MASK_RUNS_HPP_
