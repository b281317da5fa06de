// The best class of a row of pixels in floats, where no rounding can change it; part of
// class_kernel_body.hpp. What neighbouring pixels share is worked out once: the weighted sum over the lines
// at each place.
#ifndef MUSCLEMAP_DECODE_CLASS_ROW_BODY_HPP_
#define MUSCLEMAP_DECODE_CLASS_ROW_BODY_HPP_

#include <cstdint>

#include "decode/class_kernel_body.hpp"

namespace musclemap::decode {
namespace {

inline void store(float* to, const Wide& values) { __builtin_memcpy(to, &values, sizeof values); }

template <int Apart>
inline void take_higher(Wide& values, Order<Apart> /*apart*/) {
  Wide other;
  partners<Apart>(values, other);
  values = values > other ? values : other;
}

template <int Apart>
inline void add_partner(WideInts& values, Order<Apart> /*apart*/) {
  WideInts other;
  partners<Apart>(values, other);
  values += other;
}

// Every place of a vector becomes the highest of all.
inline void join_highest(Wide& values) {
  join_all([&](auto apart) { take_higher(values, apart); });
}

inline void join_sum(WideInts& values) {
  join_all([&](auto apart) { add_partner(values, apart); });
}

// Places that memory is asked for ahead: the many streams of a row are too many for the processor to foresee.
constexpr std::int64_t kAhead = 16;

// The sums over the lines at a place into `column`; the largest size of a score there, NaN aside.
// `Blocks` of 16 classes, or `blocks` where it is 0.
template <int Count, int Blocks>
inline float blend_column(const ScoreLine* lines, const Wide* weights, std::int64_t place,
                          std::int64_t blocks, std::int64_t plane, float* column) {
  Wide largest = {};
  for (std::int64_t part = 0; part < (Blocks > 0 ? Blocks : blocks) * kParts; ++part) {
    Wide sum = {};
    for (int n = 0; n < Count; ++n) {
      const float* scores = lines[n].scores + part / kParts * plane + place * 16 + part % kParts * kLanes;
      if (part % kParts == 0) __builtin_prefetch(scores + kAhead * 16);
      Wide score;
      load(scores, score);
      sum += score * weights[n];
      const Wide size = reinterpret_cast<Wide>(reinterpret_cast<WideInts>(score) & 0x7fffffff);
      largest = size > largest ? size : largest;
    }
    store(column + part * kLanes, sum);
  }
  join_highest(largest);
  return largest[0];
}

// The class that alone comes within `error` of the highest sum. Classes whose sum is no number are not in the
// race here nor there: only scores that are no number make one, for infinite ones leave everything undecided.
template <int Blocks>
inline std::int16_t clear_class(const float* lower, const float* upper, float lower_weight,
                                float upper_weight, float error, float rounding, std::int64_t classes,
                                float* sums) {
  constexpr std::int32_t kOne = 1 << 16;  // counts candidates above the sum of their classes
  const std::int64_t parts = (Blocks > 0 ? Blocks : (classes + 15) / 16) * kParts;
  WideInts here;
  places(0, here);
  Wide top = Wide{} - __builtin_inff();
  for (std::int64_t part = 0; part < parts; ++part) {
    Wide sum;
    Wide other;
    load(lower + part * kLanes, sum);
    load(upper + part * kLanes, other);
    sum = sum * lower_weight + other * upper_weight;
    if (part + kParts >= parts) {
      const auto used = static_cast<std::int32_t>(classes - part * kLanes);
      sum = here < used ? sum : Wide{} + __builtin_nanf("");
    }
    store(sums + part * kLanes, sum);
    top = sum > top ? sum : top;
  }
  join_highest(top);
  // Halves below 2^-14 lie as far apart as there.
  constexpr float kLeastHalf = 0x1p-14F;
  const float size = top[0] < 0 ? -top[0] : top[0];
  top -= error + rounding * (size + error + kLeastHalf);
  WideInts found = {};
  WideInts classes_here = here + kOne;
  for (std::int64_t part = 0; part < parts; ++part) {
    Wide sum;
    load(sums + part * kLanes, sum);
    found += (sum >= top) & classes_here;
    classes_here += kLanes;
  }
  join_sum(found);
  const auto candidates = static_cast<std::uint32_t>(found[0]);
  return candidates / kOne == 1 ? static_cast<std::int16_t>(candidates % kOne) : kUndecided;
}

// Twice the error of a sum: with weights rounded to float, n terms and then two are off by at most (n + 4) u
// times the sum of their sizes, u = 2^-24, and rounding the exact sum to float adds u; the rest is for the
// rounding of the bound itself. Denormal numbers, and what might leave the range of float, are left to the
// exact way.
inline float doubled_error(std::int64_t count, float largest) {
  constexpr float kUnit = 0x1p-24F;
  constexpr float kLeast = 1e-36F;
  constexpr float kMost = 1e36F;
  const float error = 2 * static_cast<float>(count + 8) * kUnit * largest + kLeast;
  return largest < kMost ? error : __builtin_nanf("");
}

template <int Count, int Blocks>
void clear_row_of(const ScoreLine* lines, const PlacePair* pixels, std::int64_t size, std::int64_t classes,
                  std::int64_t plane, float rounding, float* scratch, std::int16_t* classes_out) {
  const std::int64_t blocks = (classes + 15) / 16;
  Wide weights[Count];
  float total = 0;
  for (int n = 0; n < Count; ++n) {
    weights[n] = Wide{} + static_cast<float>(lines[n].weight);
    total += static_cast<float>(lines[n].weight);
  }
  // Places at even and at odd numbers: a pixel's neighbours are one of each.
  float* const column[2] = {scratch, scratch + blocks * 16};
  float* const sums = scratch + 2 * blocks * 16;
  std::int64_t held[2] = {-1, -1};
  float largest[2] = {};
  const auto column_of = [&](std::int64_t place) {
    const std::int64_t slot = place % 2;
    if (held[slot] != place) {
      held[slot] = place;
      largest[slot] = blend_column<Count, Blocks>(lines, weights, place, blocks, plane, column[slot]);
    }
    return slot;
  };
  for (std::int64_t n = 0; n < size; ++n) {
    const PlacePair& pixel = pixels[n];
    const std::int64_t lower = column_of(pixel.lower);
    const std::int64_t upper = column_of(pixel.upper);
    const auto lower_weight = static_cast<float>(pixel.lower_weight);
    const auto upper_weight = static_cast<float>(pixel.upper_weight);
    const float larger = largest[lower] > largest[upper] ? largest[lower] : largest[upper];
    const float error = doubled_error(Count, larger * total * (lower_weight + upper_weight));
    classes_out[n] = clear_class<Blocks>(column[lower], column[upper], lower_weight, upper_weight, error,
                                         rounding, classes, sums);
  }
}

// With a known number of blocks the loops over them are unrolled: those of 49 to 64 and of 113 to 128
// classes, as models of the whole body have.
template <int Count>
void clear_row_of(const ScoreLine* lines, const PlacePair* pixels, std::int64_t size, std::int64_t classes,
                  std::int64_t plane, float rounding, float* scratch, std::int16_t* classes_out) {
  switch ((classes + 15) / 16) {
    case 4:
      return clear_row_of<Count, 4>(lines, pixels, size, classes, plane, rounding, scratch, classes_out);
    case 8:
      return clear_row_of<Count, 8>(lines, pixels, size, classes, plane, rounding, scratch, classes_out);
    default:
      return clear_row_of<Count, 0>(lines, pixels, size, classes, plane, rounding, scratch, classes_out);
  }
}

void clear_row(const ScoreLine* lines, std::int64_t count, const PlacePair* pixels, std::int64_t size,
               std::int64_t classes, std::int64_t plane, float rounding, float* scratch,
               std::int16_t* classes_out) {
  switch (count) {
    case 1:
      return clear_row_of<1>(lines, pixels, size, classes, plane, rounding, scratch, classes_out);
    case 2:
      return clear_row_of<2>(lines, pixels, size, classes, plane, rounding, scratch, classes_out);
    case 3:
      return clear_row_of<3>(lines, pixels, size, classes, plane, rounding, scratch, classes_out);
    default:
      return clear_row_of<4>(lines, pixels, size, classes, plane, rounding, scratch, classes_out);
  }
}

}  // namespace
}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_CLASS_ROW_BODY_HPP_
