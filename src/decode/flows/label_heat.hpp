// Heat that spreads from the centre of a label, and the flows that it makes.
#ifndef MUSCLEMAP_DECODE_FLOWS_LABEL_HEAT_HPP_
#define MUSCLEMAP_DECODE_FLOWS_LABEL_HEAT_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace musclemap::decode {

/// A pixel of a label, counted from its box.
struct LabelPixel {
  std::int32_t y;
  std::int32_t x;
};

/// (y, x), of unit length, or 0 where both differences are.
std::array<double, 2> unit_flow(double y_difference, double x_difference);

/// Room that labels share one after the other. One thread at a time.
class LabelHeat {
 public:
  /// Steps that Cellpose lets heat spread in a box of one label.
  static std::int64_t steps_in(std::int32_t height, std::int32_t width) {
    return 2 * (std::int64_t{height} + 2 + width + 2);
  }

  /// docs/chains/cells.md#flow-check. The heat stays until the next call.
  /// @param pixels at least one, in raster order, y and x from 0 on
  /// @param height of their box
  void spread(const std::vector<LabelPixel>& pixels, std::int32_t height, std::int32_t width,
              std::int64_t steps);

  /// Of a pixel of the box, or next to it.
  double at(std::int32_t y, std::int32_t x) const { return heat_[index(y, x)]; }
  /// Of a pixel of the box, as if there were no other label.
  std::array<double, 2> flow(std::int32_t y, std::int32_t x) const {
    const std::size_t here = index(y, x);
    return unit_flow(heat_[here + stride_] - heat_[here - stride_], heat_[here + 1] - heat_[here - 1]);
  }

 private:
  std::size_t index(std::int32_t y, std::int32_t x) const {
    return static_cast<std::size_t>(y + 1) * stride_ + static_cast<std::size_t>(x + 1);
  }

  std::size_t stride_ = 0;
  std::vector<double> heat_;
  std::vector<double> next_;
  std::vector<double> share_;  // of the sum of nine: 1/9 in the label, else 0
};

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_FLOWS_LABEL_HEAT_HPP_
