// Whether the flows of a label are those that the network saw.
#ifndef MUSCLEMAP_DECODE_FLOWS_FLOW_CHECK_HPP_
#define MUSCLEMAP_DECODE_FLOWS_FLOW_CHECK_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "decode/flows/foreground.hpp"
#include "decode/flows/label_heat.hpp"
#include "musclemap/run.hpp"

namespace musclemap::decode {

/// Mean squared difference of each label's own flows from the network's (docs/chains/cells.md#flow-check), of
/// labels 1, 2, … up to `greatest`; NaN for one without pixels. Errors: `cancelled`.
/// @param foreground of a picture
/// @param labels of its pixels
std::vector<double> flow_errors(const Foreground& foreground, const std::vector<std::uint32_t>& labels,
                                std::uint32_t greatest, const RunControl& control);

/// The same of flows that neighbouring labels bend, as JointHeat gives them.
std::vector<double> joint_flow_errors(const Foreground& foreground, const std::vector<std::uint32_t>& labels,
                                      std::uint32_t greatest, const RunControl& control);

/// Heat of all labels of a picture in one plane, as Cellpose has it on a GPU: it spreads within each label,
/// as long as the largest needs, but differences are taken across their borders. Memory: 8 bytes a pixel.
/// Immutable.
class JointHeat {
 public:
  /// Parameters and errors as above.
  JointHeat(const Foreground& foreground, const std::vector<std::uint32_t>& labels, std::uint32_t greatest,
            const RunControl& control);

  /// (y, x) at a pixel of a label.
  std::array<double, 2> flow(std::int64_t y, std::int64_t x) const {
    const std::size_t here = index(y, x);
    return unit_flow(heat_[here + stride_] - heat_[here - stride_], heat_[here + 1] - heat_[here - 1]);
  }

 private:
  std::size_t index(std::int64_t y, std::int64_t x) const {
    return static_cast<std::size_t>(y + 1) * stride_ + static_cast<std::size_t>(x + 1);
  }

  std::size_t stride_;
  std::vector<double> heat_;
};

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_FLOWS_FLOW_CHECK_HPP_
