// From slices as a network sees them to the classes of the image's own voxels.
#ifndef MUSCLEMAP_INFER_CLASS_INFERER_HPP_
#define MUSCLEMAP_INFER_CLASS_INFERER_HPP_

#include <cstdint>
#include <functional>
#include <vector>

#include "image/steps/parts.hpp"

namespace musclemap::infer {

struct ClassTask {
  image::WayBack back;   ///< from the box that the network sees of its grid to the target
  bool falling = false;  ///< target slices are asked for from the last to the first
  /// Slice z of the box, [x][y] with y fastest; asked for once each, in the order of the target slices.
  std::function<std::vector<float>(std::int64_t z)> image_of;
};

/// Class of the highest score, the lowest class on ties, for the slices of a target grid. One thread at a
/// time.
class ClassInferer {
 public:
  virtual ~ClassInferer() = default;
  /// Classes of target slice k, [x][y] with y fastest, until the next call.
  virtual const std::vector<std::int16_t>& slice(std::int64_t k) = 0;
  /// Windows that were run so far.
  virtual std::int64_t windows_done() const = 0;
};

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_CLASS_INFERER_HPP_
