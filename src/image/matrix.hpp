// Small matrices in the reference's order of operations: every product and every sum is rounded on its own,
// except where a fused step is named (docs/chains/musclemap.md, section 4.3.1). A sampling grid that differs
// in the last bit turns exact zeros of the background into 1e-13 and so moves the statistics of a whole
// image.
#ifndef MUSCLEMAP_IMAGE_MATRIX_HPP_
#define MUSCLEMAP_IMAGE_MATRIX_HPP_

#include <array>
#include <cstddef>

#include "musclemap/geometry.hpp"

namespace musclemap::image {

/// Row-major N x N.
template <int N>
struct Matrix {
  std::array<double, static_cast<std::size_t>(N) * N> m{};
  double operator()(int row, int column) const { return m[at(row, column)]; }
  double& operator()(int row, int column) { return m[at(row, column)]; }

 private:
  static constexpr std::size_t at(int row, int column) {
    return static_cast<std::size_t>(row) * N + static_cast<std::size_t>(column);
  }
};
using Matrix3 = Matrix<3>;
using Matrix4 = Matrix<4>;

Matrix4 to_matrix(const Affine& affine);
Matrix3 linear_part(const Matrix4& matrix);

template <int N>
Matrix<N> identity() {
  Matrix<N> result;
  for (int i = 0; i < N; ++i) result(i, i) = 1;
  return result;
}

/// Sums in index order, nothing fused.
template <int N>
Matrix<N> multiply(const Matrix<N>& a, const Matrix<N>& b) {
  Matrix<N> result;
  for (int r = 0; r < N; ++r) {
    for (int c = 0; c < N; ++c) {
      double sum = a(r, 0) * b(0, c);
      for (int k = 1; k < N; ++k) sum += a(r, k) * b(k, c);
      result(r, c) = sum;
    }
  }
  return result;
}

/// First product plain, the others fused into the sum.
Matrix4 multiply_fused(const Matrix4& a, const Matrix4& b);

/// X with a X = b, by left-looking LU with partial pivoting. Error `geometry` if a pivot is zero or not
/// finite.
Matrix3 solve(const Matrix3& a, const Matrix3& b);
Matrix4 solve(const Matrix4& a, const Matrix4& b);

/// Upper Cholesky factor U of a symmetric matrix, a = U'U. Error `geometry` if it is not positive definite.
Matrix3 cholesky_upper(const Matrix3& a);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_MATRIX_HPP_
