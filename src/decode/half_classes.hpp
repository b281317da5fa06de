// Classes of a volume from scores in half precision, slice by slice
// (docs/chains/totalsegmentator.md, section 7.6).
#ifndef MUSCLEMAP_DECODE_HALF_CLASSES_HPP_
#define MUSCLEMAP_DECODE_HALF_CLASSES_HPP_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "image/half_pixel_back.hpp"
#include "image/half_slice.hpp"

namespace musclemap::decode {

struct HalfDecoding {
  std::int64_t classes = 0;  ///< channels of the scores
  Index3 shape{};            ///< of their grid, x, y, z
  /// To the grid that classes are wanted on; its `from` is `shape`. None: they are wanted on that grid.
  std::optional<image::HalfPixelBack> back;
  /// The value of each channel's region, in the order in which regions are painted. Empty: the class of the
  /// highest score, the lowest class on ties and where no score is a number.
  std::vector<std::uint16_t> regions;
  int threads = 1;
  /// Of a way back without regions: each class but the background is looked at near its own voxels alone
  /// (near_half_classes.hpp).
  bool near = false;
};

/// Values of slice z of the target, [y][x] with x fastest: classes, or values of regions.
using PlaneSink = std::function<void(std::int64_t z, const std::vector<std::uint16_t>& plane)>;

/// Takes slices of scores in rising z, each once; gives the target's planes in rising z, each as soon as the
/// scores that it needs are there. Scores that go back are rounded to half before they are compared; a voxel
/// is of a region where the sigmoid of its score is above one half in single precision. One thread at a time.
class HalfClasses {
 public:
  virtual ~HalfClasses() = default;
  virtual void take(std::int64_t z, const image::HalfSlice& scores) = 0;
};

/// Errors: `unsupported` for a way back of another order than 0 or 1.
std::unique_ptr<HalfClasses> make_half_classes(HalfDecoding decoding, PlaneSink sink);

/// Bytes that it holds at most.
std::size_t half_class_bytes(const HalfDecoding& decoding);

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_HALF_CLASSES_HPP_
