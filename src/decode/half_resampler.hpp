// Scores of slices on another grid, in half precision (docs/chains/totalsegmentator.md, section 7.6).
#ifndef MUSCLEMAP_DECODE_HALF_RESAMPLER_HPP_
#define MUSCLEMAP_DECODE_HALF_RESAMPLER_HPP_

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "decode/half_pixel_taps.hpp"
#include "image/half_slice.hpp"

namespace musclemap::decode {

/// Takes the slices of the scores' grid in rising z, gives those of the target in rising z as soon as it can;
/// holds the slices that are still needed, two at most. Values are in double, rounded product by product, z
/// outermost and x innermost, then to half. One thread at a time.
class HalfResampler {
 public:
  /// Errors: `unsupported`, as half_pixel_taps().
  HalfResampler(const image::HalfPixelBack& back, int threads,
                std::function<void(std::int64_t z, const image::HalfSlice&)> sink);

  void take(std::int64_t z, const image::HalfSlice& scores);

 private:
  void make(std::int64_t k);

  Index3 to_;
  int threads_;
  std::function<void(std::int64_t, const image::HalfSlice&)> sink_;
  std::array<std::vector<AxisTap>, 3> taps_;
  std::deque<image::HalfSlice> held_;
  std::int64_t first_ = 0;  // z of the first slice that is held
  std::int64_t next_ = 0;   // target slice that is to be made
  image::HalfSlice made_;
};

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_HALF_RESAMPLER_HPP_
