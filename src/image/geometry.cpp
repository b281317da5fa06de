#include "musclemap/geometry.hpp"

#include <cmath>

namespace musclemap {

Spacing Geometry::spacing() const {
  Spacing result{};
  for (int c = 0; c < 3; ++c) {
    double squares = 0;
    for (int r = 0; r < 3; ++r) squares += to_world(r, c) * to_world(r, c);
    result[static_cast<std::size_t>(c)] = std::sqrt(squares);
  }
  return result;
}

double Geometry::voxel_ml() const {
  const Affine& a = to_world;
  const double determinant = a(0, 0) * (a(1, 1) * a(2, 2) - a(1, 2) * a(2, 1)) -
                             a(0, 1) * (a(1, 0) * a(2, 2) - a(1, 2) * a(2, 0)) +
                             a(0, 2) * (a(1, 0) * a(2, 1) - a(1, 1) * a(2, 0));
  return std::fabs(determinant) / 1000.0;
}

bool same_grid(const Geometry& a, const Geometry& b, double tolerance_mm) {
  if (a.shape != b.shape) return false;
  for (int corner = 0; corner < 8; ++corner) {
    double squares = 0;
    for (int r = 0; r < 3; ++r) {
      double difference = a.to_world(r, 3) - b.to_world(r, 3);
      for (int c = 0; c < 3; ++c) {
        if ((corner >> c & 1) == 0) continue;
        const auto last = static_cast<double>(a.shape[static_cast<std::size_t>(c)] - 1);
        difference += (a.to_world(r, c) - b.to_world(r, c)) * last;
      }
      squares += difference * difference;
    }
    if (!(std::sqrt(squares) <= tolerance_mm)) return false;
  }
  return true;
}

}  // namespace musclemap
