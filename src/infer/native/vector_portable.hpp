// Sixteen floats in whatever the compiler makes of a loop.
#ifndef MUSCLEMAP_INFER_NATIVE_VECTOR_PORTABLE_HPP_
#define MUSCLEMAP_INFER_NATIVE_VECTOR_PORTABLE_HPP_

#include <cstdint>

#include "infer/native/bfloat16.hpp"

namespace musclemap::infer::native {

struct PortableVector {
  static constexpr int kBlocksAtOnce = 1;
  static constexpr int kSums = 2;
  static constexpr int kSize = 16;

  float v[kSize];

  static PortableVector load(const float* p) {
    PortableVector r;
    for (int i = 0; i < kSize; ++i) r.v[i] = p[i];
    return r;
  }
  static PortableVector all(float x) {
    PortableVector r;
    for (float& each : r.v) each = x;
    return r;
  }
  static PortableVector all(double x) { return all(static_cast<float>(x)); }
  static PortableVector zero() { return all(0.0F); }
  void store(float* p) const {
    for (int i = 0; i < kSize; ++i) p[i] = v[i];
  }
  void stream(float* p) const { store(p); }
  static void end_streams() {}
  /// a * b + c, rounded twice.
  static PortableVector madd(const PortableVector& a, const PortableVector& b, const PortableVector& c) {
    PortableVector r;
    for (int i = 0; i < kSize; ++i) r.v[i] = a.v[i] * b.v[i] + c.v[i];
    return r;
  }
  /// c - a * b
  static PortableVector nmadd(const PortableVector& a, const PortableVector& b, const PortableVector& c) {
    PortableVector r;
    for (int i = 0; i < kSize; ++i) r.v[i] = c.v[i] - a.v[i] * b.v[i];
    return r;
  }
  static PortableVector max(const PortableVector& a, const PortableVector& b) {
    PortableVector r;
    for (int i = 0; i < kSize; ++i) r.v[i] = a.v[i] > b.v[i] ? a.v[i] : b.v[i];
    return r;
  }
  static PortableVector min(const PortableVector& a, const PortableVector& b) {
    PortableVector r;
    for (int i = 0; i < kSize; ++i) r.v[i] = a.v[i] < b.v[i] ? a.v[i] : b.v[i];
    return r;
  }
  /// Sixteen vectors as the columns of what they were the rows of.
  static void transpose(PortableVector (&rows)[kSize]) {
    for (int i = 0; i < kSize; ++i) {
      for (int j = 0; j < i; ++j) {
        const float kept = rows[i].v[j];
        rows[i].v[j] = rows[j].v[i];
        rows[j].v[i] = kept;
      }
    }
  }
  /// sum[i] += this[i]
  void add_to(double* sum) const {
    for (int i = 0; i < kSize; ++i) sum[i] += static_cast<double>(v[i]);
  }
};

inline PortableVector operator+(const PortableVector& a, const PortableVector& b) {
  PortableVector r;
  for (int i = 0; i < PortableVector::kSize; ++i) r.v[i] = a.v[i] + b.v[i];
  return r;
}
inline PortableVector operator-(const PortableVector& a, const PortableVector& b) {
  PortableVector r;
  for (int i = 0; i < PortableVector::kSize; ++i) r.v[i] = a.v[i] - b.v[i];
  return r;
}
inline PortableVector operator*(const PortableVector& a, const PortableVector& b) {
  PortableVector r;
  for (int i = 0; i < PortableVector::kSize; ++i) r.v[i] = a.v[i] * b.v[i];
  return r;
}

/// x = high + low, nearly, 16 bfloat16 numbers each.
inline void split(const PortableVector& x, float* high, float* low) {
  std::uint16_t parts[2][PortableVector::kSize];
  for (int i = 0; i < PortableVector::kSize; ++i) split_float(x.v[i], &parts[0][i], &parts[1][i]);
  __builtin_memcpy(high, parts[0], sizeof parts[0]);
  __builtin_memcpy(low, parts[1], sizeof parts[1]);
}

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_VECTOR_PORTABLE_HPP_
