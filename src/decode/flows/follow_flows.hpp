// Where the pixels of cells end that follow the flows, as Cellpose computes it on a CPU.
#ifndef MUSCLEMAP_DECODE_FLOWS_FOLLOW_FLOWS_HPP_
#define MUSCLEMAP_DECODE_FLOWS_FOLLOW_FLOWS_HPP_

#include <cstdint>
#include <vector>

#include "decode/flows/foreground.hpp"
#include "musclemap/run.hpp"

namespace musclemap::decode {

/// Ends of all foreground pixels, in their order.
struct FlowEnds {
  std::vector<std::uint32_t> pixels;  ///< number of the pixel that holds the end, y * width + x
  std::vector<float> positions;       ///< (axes, n), the slowest axis first; empty unless asked for
};

struct FollowOptions {
  std::int64_t steps = 200;
  bool interp = true;      ///< false: the step of the pixel that holds the position
  bool positions = false;  ///< keep positions too
  /// Rows of pixels that are followed at a time, and rows on either side that they may walk into before they
  /// wait for the window that has them. Neither changes a result.
  std::int64_t band_rows = 2048;
  std::int64_t margin_rows = 128;
};

/// docs/chains/cells.md#dynamics: a picture's pixels, bit-equal to Cellpose's. Memory beside the
/// result: a window of 8 bytes a pixel, 28 a pixel that waits. Errors: `cancelled`.
FlowEnds follow_flows(const Foreground& foreground, const FollowOptions& options, const RunControl& control);

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_FLOWS_FOLLOW_FLOWS_HPP_
