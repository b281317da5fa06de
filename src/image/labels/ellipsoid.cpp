#include "image/labels/ellipsoid.hpp"

#include <cmath>
#include <cstddef>

namespace musclemap::image {
namespace {

// The squares of place / rho of the elements along an axis.
std::vector<float> squares(float zoom_mm, double radius_mm) {
  const float rho = static_cast<float>(radius_mm) / zoom_mm;
  const float length = (rho + 1.0F) - -rho;
  std::vector<float> result(static_cast<std::size_t>(std::ceil(length)));
  for (std::size_t n = 0; n < result.size(); ++n) {
    const float place = static_cast<float>(n) - rho;
    result[n] = (place * place) / (rho * rho);
  }
  return result;
}

std::int64_t offset(const std::vector<float>& axis, std::size_t n) {
  return static_cast<std::int64_t>(n) - static_cast<std::int64_t>(axis.size() / 2);
}

}  // namespace

std::vector<ElementRow> ellipsoid(const Zooms& zooms_mm, double radius_mm) {
  if (!(radius_mm > 0)) return {{0, 1, 0, 0}};
  const std::vector<float> x = squares(zooms_mm[0], radius_mm);
  const std::vector<float> y = squares(zooms_mm[1], radius_mm);
  const std::vector<float> z = squares(zooms_mm[2], radius_mm);
  std::vector<ElementRow> rows;
  for (std::size_t c = 0; c < z.size(); ++c) {
    for (std::size_t b = 0; b < y.size(); ++b) {
      const auto inside = [&](std::size_t a) { return (x[a] + y[b]) + z[c] <= 1.0F; };
      std::size_t begin = 0;
      while (begin < x.size() && !inside(begin)) ++begin;
      std::size_t end = begin;
      while (end < x.size() && inside(end)) ++end;
      if (begin == end) continue;
      rows.push_back({offset(x, begin), offset(x, end), offset(y, b), offset(z, c)});
    }
  }
  return rows;
}

}  // namespace musclemap::image
