// The arithmetic of volume_kernels.hpp for any vector type, compiled once for each instruction set.
// Everything has internal linkage and nothing of the standard library is called: a function shared with other
// files could come from the wrong instruction set.
//
// A vector type V has kSize floats, and: load_halves(p), load(p), all(x), store_halves(p), +, *, /.
#ifndef MUSCLEMAP_INFER_VOLUME_KERNEL_BODY_HPP_
#define MUSCLEMAP_INFER_VOLUME_KERNEL_BODY_HPP_

#include <cstdint>

#include "infer/volume_kernels.hpp"

namespace musclemap::infer {
namespace {

constexpr std::uint16_t kOneHalf = 0x3c00;  // 1 in half precision

// The last values of a row, with ones behind them up to a whole vector.
template <class V, class T>
struct Rest {
  T values[V::kSize];

  Rest(const T* from, std::int64_t count, T fill) {
    for (int i = 0; i < V::kSize; ++i) values[i] = i < count ? from[i] : fill;
  }
  void store(std::int64_t count, T* to) const {
    for (int i = 0; i < count; ++i) to[i] = values[i];
  }
};

template <class V>
void add_weighted(const float* scores, const float* weights, std::int64_t count, std::uint16_t* sums) {
  std::int64_t i = 0;
  for (; i + V::kSize <= count; i += V::kSize) {
    const V product = V::load(scores + i) * V::load(weights + i);
    (V::load_halves(sums + i) + product).store_halves(sums + i);
  }
  if (i == count) return;
  const Rest<V, float> score(scores + i, count - i, 1);
  const Rest<V, float> weight(weights + i, count - i, 1);
  Rest<V, std::uint16_t> sum(sums + i, count - i, kOneHalf);
  const V product = V::load(score.values) * V::load(weight.values);
  (V::load_halves(sum.values) + product).store_halves(sum.values);
  sum.store(count - i, sums + i);
}

template <class V>
void add_floats(const float* values, std::int64_t count, std::uint16_t* sums) {
  std::int64_t i = 0;
  for (; i + V::kSize <= count; i += V::kSize) {
    (V::load_halves(sums + i) + V::load(values + i)).store_halves(sums + i);
  }
  if (i == count) return;
  const Rest<V, float> value(values + i, count - i, 1);
  Rest<V, std::uint16_t> sum(sums + i, count - i, kOneHalf);
  (V::load_halves(sum.values) + V::load(value.values)).store_halves(sum.values);
  sum.store(count - i, sums + i);
}

template <class V>
void add_halves(const std::uint16_t* values, std::int64_t count, std::uint16_t* sums) {
  std::int64_t i = 0;
  for (; i + V::kSize <= count; i += V::kSize) {
    (V::load_halves(sums + i) + V::load_halves(values + i)).store_halves(sums + i);
  }
  if (i == count) return;
  const Rest<V, std::uint16_t> value(values + i, count - i, kOneHalf);
  Rest<V, std::uint16_t> sum(sums + i, count - i, kOneHalf);
  (V::load_halves(sum.values) + V::load_halves(value.values)).store_halves(sum.values);
  sum.store(count - i, sums + i);
}

// Whether one of the halves is infinite.
inline bool any_infinite(const std::uint16_t* halves, std::int64_t count) {
  std::uint16_t found = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    found = static_cast<std::uint16_t>(found | ((halves[i] & 0x7fffU) == 0x7c00U ? 1U : 0U));
  }
  return found != 0;
}

template <class V>
bool divide(const std::uint16_t* divisors, std::int64_t count, std::uint16_t* sums) {
  std::int64_t i = 0;
  for (; i + V::kSize <= count; i += V::kSize) {
    (V::load_halves(sums + i) / V::load_halves(divisors + i)).store_halves(sums + i);
  }
  if (i < count) {
    const Rest<V, std::uint16_t> divisor(divisors + i, count - i, kOneHalf);
    Rest<V, std::uint16_t> sum(sums + i, count - i, kOneHalf);
    (V::load_halves(sum.values) / V::load_halves(divisor.values)).store_halves(sum.values);
    sum.store(count - i, sums + i);
  }
  return any_infinite(sums, count);
}

template <class V>
void divide_by(float divisor, std::int64_t count, std::uint16_t* sums) {
  std::int64_t i = 0;
  for (; i + V::kSize <= count; i += V::kSize) {
    (V::load_halves(sums + i) / V::all(divisor)).store_halves(sums + i);
  }
  if (i == count) return;
  Rest<V, std::uint16_t> sum(sums + i, count - i, kOneHalf);
  (V::load_halves(sum.values) / V::all(divisor)).store_halves(sum.values);
  sum.store(count - i, sums + i);
}

template <class V>
constexpr VolumeKernels kVolumeKernels{add_weighted<V>, add_floats<V>, add_halves<V>, divide<V>,
                                       divide_by<V>};

}  // namespace
}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_VOLUME_KERNEL_BODY_HPP_
