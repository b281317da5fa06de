// The best class of scores that go back to another grid, without those scores being made
// (docs/chains/totalsegmentator.md, section 7.6).
#ifndef MUSCLEMAP_DECODE_SAMPLED_HALF_CLASSES_HPP_
#define MUSCLEMAP_DECODE_SAMPLED_HALF_CLASSES_HPP_

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "decode/class_kernels.hpp"
#include "decode/half_classes.hpp"
#include "decode/half_kernels.hpp"
#include "decode/half_pixel_taps.hpp"
#include "image/score_slice.hpp"

namespace musclemap::decode {

/// Floats find the class wherever no rounding can change it; elsewhere it is found in double, as
/// HalfResampler rounds it. Holds two slices of scores as floats. One thread at a time.
class SampledHalfClasses : public HalfClasses {
 public:
  /// `decoding` has a way back and no regions. Errors: `unsupported`, as half_pixel_taps().
  SampledHalfClasses(const HalfDecoding& decoding, PlaneSink sink);

  void take(std::int64_t z, const image::HalfSlice& scores) override;

 private:
  /// Pixels of a row between the same places.
  std::vector<PlacePair> pixels_of_row() const;
  image::ScoreSlice as_floats(const image::HalfSlice& scores) const;
  void make_row(const AxisTap& tz, std::int64_t y);
  std::int16_t exact_class(const AxisTap& tz, const AxisTap& ty, const AxisTap& tx) const;
  const image::ScoreSlice& slice_at(std::int64_t z) const;

  std::int64_t classes_;
  Index3 to_;
  int threads_;
  PlaneSink sink_;
  const ClassKernels& class_kernels_;
  const HalfKernels& half_kernels_;
  std::array<std::vector<AxisTap>, 3> taps_;
  std::vector<PlacePair> pixels_;
  std::deque<image::ScoreSlice> held_;
  std::int64_t first_ = 0;  // z of the first slice that is held
  std::int64_t next_ = 0;   // target slice that is to be made
  std::vector<std::int16_t> found_;
  std::vector<std::uint16_t> plane_;
};

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_SAMPLED_HALF_CLASSES_HPP_
