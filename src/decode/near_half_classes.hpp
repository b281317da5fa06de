// The best class of scores that go back to another grid, where a class is looked at near its own voxels alone
// (docs/chains/totalsegmentator.md, section 7.6).
#ifndef MUSCLEMAP_DECODE_NEAR_HALF_CLASSES_HPP_
#define MUSCLEMAP_DECODE_NEAR_HALF_CLASSES_HPP_

#include <array>
#include <cstdint>
#include <vector>

#include "decode/half_classes.hpp"
#include "decode/half_kernels.hpp"
#include "decode/half_pixel_taps.hpp"
#include "image/half_slice.hpp"

namespace musclemap::decode {

/// The background's score of every voxel of the target as HalfResampler makes it, then class by class,
/// ascending: within the box of the voxels that it leads on the scores' grid, and three around them, its
/// score between neighbours of that box; where that is higher, the voxel is the class's. Holds all scores.
/// One thread at a time.
class NearHalfClasses : public HalfClasses {
 public:
  /// `decoding` has a way back and no regions. Errors: `unsupported`, as half_pixel_taps().
  NearHalfClasses(const HalfDecoding& decoding, PlaneSink sink);

  void take(std::int64_t z, const image::HalfSlice& scores) override;

 private:
  /// Voxels that a class leads, [begin, end) along x, y, z; then what of the target is near them.
  struct Near {
    Index3 begin{};
    Index3 end{};
    Index3 first{};                            ///< of the target
    std::array<std::vector<AxisTap>, 3> taps;  ///< of the target's voxels from there on
  };

  void widen(std::int64_t z);
  void find_near();
  void make(std::int64_t k, const image::HalfSlice& background);
  void compete(std::int64_t c, const Near& near, std::int64_t k, std::int64_t j, std::uint16_t* best,
               std::uint16_t* out) const;

  HalfDecoding decoding_;
  PlaneSink sink_;
  const HalfKernels& kernels_;
  std::vector<image::HalfSlice> held_;
  std::vector<Near> near_;  // by class; of one that leads nowhere begin is not below end
  std::vector<std::uint16_t> plane_;
};

/// What NearHalfClasses holds.
std::size_t near_half_class_bytes(const HalfDecoding& decoding);

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_NEAR_HALF_CLASSES_HPP_
