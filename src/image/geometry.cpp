#include "musclemap/geometry.hpp"

#include <cmath>

#include "base/text.hpp"
#include "image/length_unit.hpp"
#include "musclemap/error.hpp"

namespace musclemap {
namespace {

constexpr double kLeastSpacingMm = 1e-6;
constexpr double kMostSpacingMm = 1e6;

double determinant(const Affine& a) {
  return a(0, 0) * (a(1, 1) * a(2, 2) - a(1, 2) * a(2, 1)) -
         a(0, 1) * (a(1, 0) * a(2, 2) - a(1, 2) * a(2, 0)) +
         a(0, 2) * (a(1, 0) * a(2, 1) - a(1, 1) * a(2, 0));
}

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::geometry, Reason::geometry, message);
}

}  // namespace

Spacing Geometry::spacing() const {
  Spacing result{};
  for (int c = 0; c < 3; ++c) {
    double squares = 0;
    for (int r = 0; r < 3; ++r) squares += to_world(r, c) * to_world(r, c);
    result[static_cast<std::size_t>(c)] = std::sqrt(squares);
  }
  return result;
}

double Geometry::voxel_ml() const { return std::fabs(determinant(to_world)) / 1000.0; }

Geometry geometry_in_mm(const Index3& shape, const Affine& affine, const std::string& unit) {
  const double scale = image::millimetres_per(unit);
  Geometry geometry{shape, affine};
  Affine& mm = geometry.to_world;
  double product = 1;
  for (int c = 0; c < 4; ++c) {
    double squares = 0;
    for (int r = 0; r < 3; ++r) {
      if (scale != 1.0) mm(r, c) *= scale;
      if (!std::isfinite(mm(r, c))) refuse("the affine holds numbers that are not finite");
      squares += mm(r, c) * mm(r, c);
    }
    if (c == 3) continue;
    const double norm = std::sqrt(squares);
    if (!(norm >= kLeastSpacingMm && norm <= kMostSpacingMm)) {
      refuse("the voxel spacing along axis " + std::to_string(c + 1) + " is " + base::number_text(norm) +
             " mm, allowed are 1e-6 to 1e6");
    }
    product *= norm;
  }
  if (!(std::fabs(determinant(mm)) > 1e-6 * product)) refuse("the affine's axes are not independent");
  return geometry;
}

double image::millimetres_per(const std::string& unit) {
  if (unit == "metre") return 1e3;
  if (unit == "micron") return 1e-3;
  if (unit == "mm" || unit == "unknown") return 1;
  throw Error(ErrorCode::argument, "a unit of length '" + base::printable(unit, 40) +
                                       "'; mm, metre, micron and unknown are allowed");
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
