// Smooth random fields over the world, and small geometry.
#ifndef MUSCLEMAP_EXAMPLES_PHANTOM_NOISE_HPP_
#define MUSCLEMAP_EXAMPLES_PHANTOM_NOISE_HPP_

#include <cmath>
#include <cstdint>

namespace phantom {

struct Point {
  double x = 0;
  double y = 0;
  double z = 0;
};

/// A continuous field with values in [-1, 1], mean near 0, and bumps about `wavelength_mm` apart.
double smooth_noise(std::uint64_t seed, const Point& p, const Point& wavelength_mm);

/// 0 below `low`, 1 above `high`, smooth between.
inline double smooth_step(double low, double high, double value) {
  double t = (value - low) / (high - low);
  t = t < 0 ? 0 : (t > 1 ? 1 : t);
  return t * t * (3 - 2 * t);
}

/// An ellipse in a plane, turned by an angle.
struct Ellipse {
  double x = 0;
  double y = 0;
  double a = 1;  ///< half axis along x before turning, mm
  double b = 1;
  double cosine = 1;
  double sine = 0;

  /// Below 1 inside, 1 on the border.
  double radius(double px, double py) const {
    const double dx = px - x;
    const double dy = py - y;
    const double u = (cosine * dx + sine * dy) / a;
    const double v = (cosine * dy - sine * dx) / b;
    return std::sqrt(u * u + v * v);
  }

  /// About the distance to the border in mm; negative inside.
  double distance(double px, double py) const {
    const double dx = px - x;
    const double dy = py - y;
    const double u = (cosine * dx + sine * dy) / a;
    const double v = (cosine * dy - sine * dx) / b;
    const double value = std::sqrt(u * u + v * v);
    const double slope = std::sqrt(u * u / (a * a) + v * v / (b * b));
    if (value < 0.3 || slope == 0) return (value - 1) * (a < b ? a : b);
    return (value - 1) * value / slope;
  }
};

}  // namespace phantom

#endif  // MUSCLEMAP_EXAMPLES_PHANTOM_NOISE_HPP_
