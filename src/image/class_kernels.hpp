// The best class of a pixel from the scores of its neighbours, for each instruction set.
#ifndef MUSCLEMAP_IMAGE_CLASS_KERNELS_HPP_
#define MUSCLEMAP_IMAGE_CLASS_KERNELS_HPP_

#include <cstdint>

namespace musclemap::image {

/// A neighbour: its scores of the first 16 classes in a ScoreSlice, and its weight.
struct ScoreCorner {
  const float* scores;
  double weight;
};

/// Products and sums are double, rounded one by one and in the order of the corners, then rounded to float:
/// the same bits with every instruction set. The lowest class wins ties; 0 where no score is a number.
struct ClassKernels {
  const char* name;
  /// Class of the highest weighted sum over `count` > 0 corners; `plane` floats lie between the vectors of a
  /// pixel.
  std::int16_t (*best_sum)(const ScoreCorner* corners, std::int64_t count, std::int64_t classes,
                           std::int64_t plane);
  /// Class of the highest score.
  std::int16_t (*best_score)(const float* scores, std::int64_t classes, std::int64_t plane);
};

const ClassKernels& portable_class_kernels();
/// Null where this processor cannot run them.
const ClassKernels* avx2_class_kernels();
const ClassKernels* avx512_class_kernels();  ///< see avx2_class_kernels()
/// The fastest that this processor runs.
const ClassKernels& class_kernels();

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_CLASS_KERNELS_HPP_
