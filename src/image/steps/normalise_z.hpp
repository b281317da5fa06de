// Step: z-score over the voxels that are not zero (docs/chains/musclemap.md, section 4.4).
#ifndef MUSCLEMAP_IMAGE_STEPS_NORMALISE_Z_HPP_
#define MUSCLEMAP_IMAGE_STEPS_NORMALISE_Z_HPP_

#include <array>
#include <memory>

#include "image/steps/parts.hpp"

namespace musclemap::image {

/// (value - mean) / deviation in float; zeros stay zero. Mean and population deviation are summed in double,
/// slice by slice; a deviation of 0 counts as 1.
struct NormaliseZ {
  static constexpr const char* kKind = "normalise";
  static constexpr std::array<Word, 2> kWords{{{"by", "z_score"}, {"over", "nonzero"}}};
  template <class Self, class Visit>
  static void fields(Self& /*self*/, const Visit& /*visit*/) {}
};

std::unique_ptr<Meter> meter(const NormaliseZ& step, const Index3& shape, int channels);
std::unique_ptr<Field> apply(const NormaliseZ& step, Field& below, const Grid& from, const Measured& measured,
                             int threads);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_STEPS_NORMALISE_Z_HPP_
