// The arithmetic of class_kernels.hpp, compiled once for each instruction set. Everything has internal
// linkage and nothing of the standard library is called: a function shared with other files could come from
// the wrong instruction set.
#ifndef MUSCLEMAP_DECODE_CLASS_KERNEL_BODY_HPP_
#define MUSCLEMAP_DECODE_CLASS_KERNEL_BODY_HPP_

#include <cstdint>

#include "decode/class_kernels.hpp"

namespace musclemap::decode {
namespace {

// Half of the 16 classes of a vector. The compiler cuts these into what the instruction set has.
constexpr int kHalf = 8;
using Floats = float __attribute__((vector_size(4 * kHalf)));
using Doubles = double __attribute__((vector_size(8 * kHalf)));
using Longs = std::int64_t __attribute__((vector_size(8 * kHalf)));
using Ints = std::int32_t __attribute__((vector_size(4 * kHalf)));

// The best class so far in each of 8 places; blocks of 16 classes come in ascending order.
struct Best {
  Floats score = Floats{} - __builtin_inff();
  Ints block = {};
};

inline void take(Best& best, std::int32_t block, const Floats& scores) {
  const Ints better = scores > best.score;
  best.score = better ? scores : best.score;
  best.block = better ? Ints{} + block : best.block;
}

// By reference: the ABI of a returned vector depends on the instruction set, of which GCC warns.
template <class Vector>
inline void load(const float* from, Vector& values) {
  __builtin_memcpy(&values, from, sizeof values);
}

// Of places that lead with one score the lowest class; places that never took one say class 0 to 15.
inline std::int16_t winner(const Best& low, const Best& high) {
  constexpr Ints kPlaces = {0, 1, 2, 3, 4, 5, 6, 7};
  constexpr std::int32_t kNone = 0x7fffffff;
  const Floats larger = low.score > high.score ? low.score : high.score;
  float top = larger[0];
  for (int i = 1; i < kHalf; ++i) top = larger[i] > top ? larger[i] : top;
  const Ints of_low = low.score == top ? low.block * 16 + kPlaces : Ints{} + kNone;
  const Ints of_high = high.score == top ? high.block * 16 + kPlaces + kHalf : Ints{} + kNone;
  const Ints lower = of_low < of_high ? of_low : of_high;
  std::int32_t best = lower[0];
  for (int i = 1; i < kHalf; ++i) best = lower[i] < best ? lower[i] : best;
  return static_cast<std::int16_t>(best);
}

// Scores by block from `sums(block, low, high)`; the places that only fill the last vector are never taken.
template <class Sums>
inline std::int16_t best_class(std::int64_t classes, const Sums& sums) {
  const std::int64_t blocks = (classes + 15) / 16;
  Best best_low;
  Best best_high;
  for (std::int64_t block = 0; block < blocks; ++block) {
    Floats low;
    Floats high;
    sums(block, low, high);
    if (block + 1 == blocks) {
      constexpr Ints kPlaces = {0, 1, 2, 3, 4, 5, 6, 7};
      const auto used = static_cast<std::int32_t>(classes - block * 16);
      const Floats none = Floats{} - __builtin_inff();
      low = kPlaces < used ? low : none;
      high = kPlaces + kHalf < used ? high : none;
    }
    take(best_low, static_cast<std::int32_t>(block), low);
    take(best_high, static_cast<std::int32_t>(block), high);
  }
  return winner(best_low, best_high);
}

// Count corners, or `count` where it is 0: with a known number the sums stay in registers.
template <int Count>
inline std::int16_t best_of_corners(const ScoreCorner* corners, std::int64_t count, std::int64_t classes,
                                    std::int64_t plane) {
  return best_class(classes, [&](std::int64_t block, Floats& low, Floats& high) {
    Doubles low_sum = {};
    Doubles high_sum = {};
    for (std::int64_t n = 0; n < (Count > 0 ? Count : count); ++n) {
      load(corners[n].scores + block * plane, low);
      load(corners[n].scores + block * plane + kHalf, high);
      low_sum += __builtin_convertvector(low, Doubles) * corners[n].weight;
      high_sum += __builtin_convertvector(high, Doubles) * corners[n].weight;
    }
    low = __builtin_convertvector(low_sum, Floats);
    high = __builtin_convertvector(high_sum, Floats);
  });
}

// To the nearest half, of even last digit where two are as near: a number added that leaves a half's digits.
inline void round_to_half(Doubles& values) {
  constexpr std::int64_t kExponent = 0x7ffLL << 52;
  constexpr std::int64_t kLeast = (1023LL - 14) << 52;  // of a half that is not denormal
  constexpr std::int64_t kDigits = (52LL - 10) << 52;
  Longs exponent = reinterpret_cast<Longs>(values) & kExponent;
  exponent = exponent > kLeast ? exponent : Longs{} + kLeast;
  const Doubles shift = reinterpret_cast<Doubles>(exponent + kDigits) * 1.5;
  values = (values + shift) - shift;
}

std::int16_t best_half_sum(const HalfCorner* corners, std::int64_t count, std::int64_t classes,
                           std::int64_t plane) {
  return best_class(classes, [&](std::int64_t block, Floats& low, Floats& high) {
    Doubles low_sum = {};
    Doubles high_sum = {};
    for (std::int64_t n = 0; n < count; ++n) {
      const HalfCorner& corner = corners[n];
      load(corner.scores + block * plane, low);
      load(corner.scores + block * plane + kHalf, high);
      low_sum += __builtin_convertvector(low, Doubles) * corner.z * corner.y * corner.x;
      high_sum += __builtin_convertvector(high, Doubles) * corner.z * corner.y * corner.x;
    }
    round_to_half(low_sum);
    round_to_half(high_sum);
    low = __builtin_convertvector(low_sum, Floats);
    high = __builtin_convertvector(high_sum, Floats);
  });
}

// What a register holds. The compiler would cut longer vectors into single places where it compares them.
template <int... Place>
struct Order {
  static constexpr int kCount = sizeof...(Place);
};
#if defined(__AVX512F__)
using EveryPlace = Order<0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15>;
#elif defined(__AVX2__)
using EveryPlace = Order<0, 1, 2, 3, 4, 5, 6, 7>;
#else
using EveryPlace = Order<0, 1, 2, 3>;
#endif
constexpr int kLanes = EveryPlace::kCount;
constexpr int kParts = 16 / kLanes;  // of the 16 classes of a block
using Wide = float __attribute__((vector_size(4 * kLanes)));
using WideInts = std::int32_t __attribute__((vector_size(4 * kLanes)));

// Places 0, 1, .. of a vector, plus `first`.
inline void places(std::int32_t first, WideInts& values) {
  for (int i = 0; i < kLanes; ++i) values[i] = first + i;
}

// The highest score of every place, where it is, and the second highest.
struct TopTwo {
  Wide first = Wide{} - __builtin_inff();
  Wide second = Wide{} - __builtin_inff();
  WideInts where = {};
};

inline void take(TopTwo& top, const Wide& first, const Wide& second, const WideInts& where) {
  const WideInts better = first > top.first;
  const Wide lower = better ? top.first : first;
  const Wide higher = second > top.second ? second : top.second;
  top.second = lower > higher ? lower : higher;
  top.first = better ? first : top.first;
  top.where = better ? where : top.where;
}

template <int Apart, class Vector, int... Place>
inline void swap_places(const Vector& v, Vector& moved, Order<Place...> /*every*/) {
  moved = __builtin_shufflevector(v, v, (Place ^ Apart)...);
}

// Every place gets what lies `Apart` places away.
template <int Apart, class Vector>
inline void partners(const Vector& v, Vector& moved) {
  swap_places<Apart>(v, moved, EveryPlace());
}

// join(place apart) for every power of two below the number of places, the largest first: what is joined so
// ends at every place.
template <int Apart = kLanes / 2, class Join>
inline void join_all(const Join& join) {
  if constexpr (Apart > 0) {
    join(Order<Apart>());
    join_all<Apart / 2>(join);
  }
}

// Every place learns of the one that many places away.
template <int Apart>
inline void join(TopTwo& top, Wide& sizes, Order<Apart> /*apart*/) {
  TopTwo other;
  partners<Apart>(top.first, other.first);
  partners<Apart>(top.second, other.second);
  partners<Apart>(top.where, other.where);
  take(top, other.first, other.second, other.where);
  Wide moved;
  partners<Apart>(sizes, moved);
  sizes += moved;
}

// The class whose sum is so far ahead that no rounding can change it; kUndecided where none is. In floats,
// with weights rounded to float, a sum of n terms is off by at most (n + 1) u times the sum of their sizes, u
// = 2^-24; rounding the exact sum to float adds u, and denormal numbers are left to the exact way. Infinities
// and NaN make `sizes` one, and undecided.
template <int Count>
inline std::int16_t clear_winner(const ScoreCorner* corners, std::int64_t classes, std::int64_t plane) {
  constexpr float kUnit = 0x1p-24F;
  constexpr float kLeast = 1e-36F;
  const std::int64_t parts = (classes + 15) / 16 * kParts;
  Wide weights[Count];
  for (int n = 0; n < Count; ++n) weights[n] = Wide{} + static_cast<float>(corners[n].weight);
  TopTwo top;
  Wide sizes = {};
  WideInts here;
  places(0, here);
  for (std::int64_t part = 0; part < parts; ++part, here += kLanes) {
    Wide sum = {};
    for (int n = 0; n < Count; ++n) {
      Wide term;
      load(corners[n].scores + part / kParts * plane + part % kParts * kLanes, term);
      term *= weights[n];
      sum += term;
      sizes += reinterpret_cast<Wide>(reinterpret_cast<WideInts>(term) & 0x7fffffff);
    }
    if (part + kParts >= parts) {
      sum = here < static_cast<std::int32_t>(classes) ? sum : Wide{} - __builtin_inff();
    }
    take(top, sum, Wide{} - __builtin_inff(), here);
  }
  join_all([&](auto apart) { join(top, sizes, apart); });
  const float error = (Count + 5) * kUnit * sizes[0] + kLeast;
  return top.first[0] - top.second[0] > 2 * error ? static_cast<std::int16_t>(top.where[0]) : kUndecided;
}

std::int16_t best_sum(const ScoreCorner* corners, std::int64_t count, std::int64_t classes,
                      std::int64_t plane) {
  std::int16_t clear = kUndecided;
  switch (count) {
    case 4:
      clear = clear_winner<4>(corners, classes, plane);
      return clear != kUndecided ? clear : best_of_corners<4>(corners, count, classes, plane);
    case 8:
      clear = clear_winner<8>(corners, classes, plane);
      return clear != kUndecided ? clear : best_of_corners<8>(corners, count, classes, plane);
    default:
      return best_of_corners<0>(corners, count, classes, plane);
  }
}

std::int16_t best_score(const float* scores, std::int64_t classes, std::int64_t plane) {
  return best_class(classes, [&](std::int64_t block, Floats& low, Floats& high) {
    load(scores + block * plane, low);
    load(scores + block * plane + kHalf, high);
  });
}

}  // namespace
}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_CLASS_KERNEL_BODY_HPP_
