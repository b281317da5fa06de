// The best class of a pixel from the scores of its neighbours, for each instruction set.
#ifndef MUSCLEMAP_IMAGE_CLASS_KERNELS_HPP_
#define MUSCLEMAP_IMAGE_CLASS_KERNELS_HPP_

#include <cstdint>

#include "base/isa.hpp"

namespace musclemap::image {

/// A neighbour: its scores of the first 16 classes in a ScoreSlice, and its weight.
struct ScoreCorner {
  const float* scores;
  double weight;
};

/// Products and sums are double, rounded one by one and in the order of the corners, then rounded to float:
/// the same bits with every instruction set. The lowest class wins ties; 0 where no score is a number.
struct ClassKernels {
  /// Class of the highest weighted sum over `count` > 0 corners; `plane` floats lie between the vectors of a
  /// pixel.
  std::int16_t (*best_sum)(const ScoreCorner* corners, std::int64_t count, std::int64_t classes,
                           std::int64_t plane);
  /// Class of the highest score.
  std::int16_t (*best_score)(const float* scores, std::int64_t classes, std::int64_t plane);
};

const ClassKernels& class_kernels_for(base::Isa isa);

// The tables that this build holds.
const ClassKernels& portable_class_kernels();
#ifdef MUSCLEMAP_X86_KERNELS
const ClassKernels& avx2_class_kernels();
const ClassKernels& avx512_class_kernels();
#endif

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_CLASS_KERNELS_HPP_
