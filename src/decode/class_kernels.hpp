// The best class of a pixel from the scores of its neighbours, for each instruction set.
#ifndef MUSCLEMAP_DECODE_CLASS_KERNELS_HPP_
#define MUSCLEMAP_DECODE_CLASS_KERNELS_HPP_

#include <cstdint>

#include "base/isa.hpp"

namespace musclemap::decode {

/// A neighbour: its scores of the first 16 classes in a ScoreSlice, and its weight.
struct ScoreCorner {
  const float* scores;
  double weight;
};

/// A row of places with equal weights: place p has its scores of the first 16 classes at scores + 16 * p.
struct ScoreLine {
  const float* scores;
  double weight;
};

/// A pixel between two places, which may be the same; weights are not negative.
struct PlacePair {
  std::int64_t lower;
  std::int64_t upper;
  double lower_weight;
  double upper_weight;
};

/// A neighbour as ScoreCorner, with a weight for each axis: its term is ((score * z) * y) * x.
struct HalfCorner {
  const float* scores;
  double z;
  double y;
  double x;
};

constexpr std::int16_t kUndecided = -1;

/// The greatest part of a number that lies between two halves next to it, and a little more.
constexpr float kHalfRounding = 0x1.02p-10F;

/// Products and sums are double, rounded one by one and in the order of the corners, then rounded to float:
/// the same bits with every instruction set. The lowest class wins ties; 0 where no score is a number.
struct ClassKernels {
  /// Class of the highest weighted sum over `count` > 0 corners; `plane` floats lie between the vectors of a
  /// pixel.
  std::int16_t (*best_sum)(const ScoreCorner* corners, std::int64_t count, std::int64_t classes,
                           std::int64_t plane);
  /// best_sum() of a row of pixels whose corners are places of `count` lines, 1 to 4: or kUndecided where
  /// only double can tell. `scratch` holds 3 * 16 floats for every 16 classes. `rounding` 0: sums are
  /// compared as they are, kHalfRounding: rounded to half precision.
  void (*clear_row)(const ScoreLine* lines, std::int64_t count, const PlacePair* pixels, std::int64_t size,
                    std::int64_t classes, std::int64_t plane, float rounding, float* scratch,
                    std::int16_t* classes_out);
  /// Class of the highest sum of terms over `count` > 0 corners, rounded to half precision before they are
  /// compared; finite sums of halves, weights of at most 1 in all.
  std::int16_t (*best_half_sum)(const HalfCorner* corners, std::int64_t count, std::int64_t classes,
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

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_CLASS_KERNELS_HPP_
