// Probabilities of a volume from scores in half precision, slice by slice
// (docs/chains/totalsegmentator.md, section 7.6).
#ifndef MUSCLEMAP_DECODE_HALF_PROBABILITIES_HPP_
#define MUSCLEMAP_DECODE_HALF_PROBABILITIES_HPP_

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "decode/half_classes.hpp"
#include "decode/half_resampler.hpp"
#include "image/half_slice.hpp"

namespace musclemap::decode {

/// Of slice z of the target: probabilities, [class][y][x] with x fastest, and the values that they mean, as a
/// PlaneSink has them.
using ProbabilitySink = std::function<void(std::int64_t z, const std::vector<float>& probabilities,
                                           const std::vector<std::uint16_t>& plane)>;

/// Like HalfClasses, but scores become probabilities in single precision first, and classes are those of the
/// highest probability: softmax, or for regions the sigmoid of each channel. Holds a slice of the target. One
/// thread at a time.
class HalfProbabilities {
 public:
  /// Errors: `unsupported` for a way back of another order than 0 or 1.
  HalfProbabilities(HalfDecoding decoding, ProbabilitySink sink);

  void take(std::int64_t z, const image::HalfSlice& scores);

 private:
  void convert(std::int64_t z, const image::HalfSlice& scores);

  HalfDecoding decoding_;
  ProbabilitySink sink_;
  std::unique_ptr<HalfResampler> resampler_;  // null: the grids are one
  std::vector<float> probabilities_;
  std::vector<std::uint16_t> plane_;
};

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_HALF_PROBABILITIES_HPP_
