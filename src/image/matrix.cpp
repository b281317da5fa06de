#include "image/matrix.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "musclemap/error.hpp"

namespace musclemap::image {
namespace {

// Left-looking LU in place; row_of[i] is the row of the input that ended as row i.
template <int N>
std::array<int, N> factorise(Matrix<N>& a) {
  std::array<int, N> row_of{};
  for (int i = 0; i < N; ++i) row_of[static_cast<std::size_t>(i)] = i;
  for (int j = 0; j < N; ++j) {
    for (int i = 0; i < N; ++i) {
      const int terms = std::min(i, j);
      if (terms == 0) continue;
      double sum = a(i, 0) * a(0, j);
      for (int k = 1; k < terms; ++k) sum += a(i, k) * a(k, j);
      a(i, j) -= sum;
    }
    int pivot = j;
    for (int i = j + 1; i < N; ++i) {
      if (std::fabs(a(i, j)) > std::fabs(a(pivot, j))) pivot = i;
    }
    if (!std::isfinite(a(pivot, j)) || a(pivot, j) == 0) {
      throw Error(ErrorCode::geometry, "the affine cannot be inverted");
    }
    if (pivot != j) {
      for (int c = 0; c < N; ++c) std::swap(a(pivot, c), a(j, c));
      std::swap(row_of[static_cast<std::size_t>(pivot)], row_of[static_cast<std::size_t>(j)]);
    }
    const double reciprocal = 1 / a(j, j);
    for (int i = j + 1; i < N; ++i) a(i, j) *= reciprocal;
  }
  return row_of;
}

template <int N>
Matrix<N> solve_any(Matrix<N> a, const Matrix<N>& b) {
  const std::array<int, N> row_of = factorise(a);
  Matrix<N> x;
  for (int c = 0; c < N; ++c) {
    std::array<double, N> y{};
    for (int i = 0; i < N; ++i) {
      double value = b(row_of[static_cast<std::size_t>(i)], c);
      for (int j = 0; j < i; ++j) value -= a(i, j) * y[static_cast<std::size_t>(j)];
      y[static_cast<std::size_t>(i)] = value;
    }
    for (int i = N - 1; i >= 0; --i) {
      double value = y[static_cast<std::size_t>(i)];
      for (int j = N - 1; j > i; --j) value -= a(i, j) * x(j, c);
      x(i, c) = value * (1 / a(i, i));
    }
  }
  return x;
}

}  // namespace

Matrix4 to_matrix(const Affine& affine) { return {affine.m}; }

Matrix3 linear_part(const Matrix4& matrix) {
  Matrix3 result;
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) result(r, c) = matrix(r, c);
  }
  return result;
}

Matrix4 multiply_fused(const Matrix4& a, const Matrix4& b) {
  Matrix4 result;
  for (int r = 0; r < 4; ++r) {
    for (int c = 0; c < 4; ++c) {
      double sum = a(r, 0) * b(0, c);
      for (int k = 1; k < 4; ++k) sum = std::fma(a(r, k), b(k, c), sum);
      result(r, c) = sum;
    }
  }
  return result;
}

Matrix3 solve(const Matrix3& a, const Matrix3& b) { return solve_any<3>(a, b); }

Matrix4 solve(const Matrix4& a, const Matrix4& b) { return solve_any<4>(a, b); }

Matrix3 cholesky_upper(const Matrix3& a) {
  Matrix3 lower;
  for (int j = 0; j < 3; ++j) {
    double squares = 0;
    for (int q = 0; q < j; ++q) squares += lower(j, q) * lower(j, q);
    const double rest = a(j, j) - squares;
    if (!(rest > 0) || !std::isfinite(rest)) {
      throw Error(ErrorCode::geometry, "the affine's axes are not independent");
    }
    lower(j, j) = std::sqrt(rest);
    for (int i = j + 1; i < 3; ++i) {
      double sum = 0;
      for (int q = 0; q < j; ++q) sum += lower(i, q) * lower(j, q);
      lower(i, j) = (a(i, j) - sum) * (1 / lower(j, j));
    }
  }
  Matrix3 upper;
  for (int r = 0; r < 3; ++r) {
    for (int c = r; c < 3; ++c) upper(r, c) = lower(c, r);
  }
  return upper;
}

}  // namespace musclemap::image
