#include "phantom/noise.hpp"

#include "phantom/random.hpp"

namespace phantom {
namespace {

double lattice(std::uint64_t seed, std::int64_t a, std::int64_t b, std::int64_t c) {
  return 2 * to_unit(hash(seed, a, b, c)) - 1;
}

double fade(double t) { return t * t * (3 - 2 * t); }

double mix(double low, double high, double t) { return low + (high - low) * t; }

}  // namespace

double smooth_noise(std::uint64_t seed, const Point& p, const Point& wavelength_mm) {
  // Turned and sheared, so that the lattice does not show along the axes of a scan.
  const double x = (0.8 * p.x + 0.6 * p.y + 0.2 * p.z) / wavelength_mm.x;
  const double y = (0.8 * p.y - 0.6 * p.x + 0.1 * p.z) / wavelength_mm.y;
  const double z = p.z / wavelength_mm.z;
  const double fx = std::floor(x);
  const double fy = std::floor(y);
  const double fz = std::floor(z);
  const auto a = static_cast<std::int64_t>(fx);
  const auto b = static_cast<std::int64_t>(fy);
  const auto c = static_cast<std::int64_t>(fz);
  const double tx = fade(x - fx);
  const double ty = fade(y - fy);
  double layers[2];
  for (int k = 0; k < 2; ++k) {
    const double low = mix(lattice(seed, a, b, c + k), lattice(seed, a + 1, b, c + k), tx);
    const double high = mix(lattice(seed, a, b + 1, c + k), lattice(seed, a + 1, b + 1, c + k), tx);
    layers[k] = mix(low, high, ty);
  }
  return mix(layers[0], layers[1], fade(z - fz));
}

}  // namespace phantom
