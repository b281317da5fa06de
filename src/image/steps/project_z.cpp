#include "image/steps/project_z.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <type_traits>

#include "base/checked.hpp"
#include "base/parallel.hpp"
#include "musclemap/error.hpp"

namespace musclemap::image {
namespace {

// Numbers that sums of T are kept in.
template <class T>
using Sum = std::conditional_t<std::is_same_v<T, float>, float, double>;

// Cut off behind the point; what a signed type cannot hold (a deviation beyond its largest number) wraps.
template <class T>
T stored(Sum<T> value) {
  if constexpr (std::is_floating_point_v<T>) {
    return value;
  } else {
    return static_cast<T>(static_cast<std::int64_t>(value));
  }
}

// The row or column beside the first or the last one, mirrored without repeating that.
std::int64_t mirrored(std::int64_t at, std::int64_t length) {
  if (length == 1) return 0;
  if (at < 0) return -at;
  return at < length ? at : 2 * length - 2 - at;
}

template <class T>
T mean_of(const std::vector<const T*>& planes, std::size_t pixel) {
  Sum<T> sum = 0;
  for (const T* plane : planes) sum += static_cast<Sum<T>>(plane[pixel]);
  return stored<T>(sum / static_cast<Sum<T>>(planes.size()));
}

template <class T>
T deviation_of(const std::vector<const T*>& planes, std::size_t pixel) {
  const auto count = static_cast<Sum<T>>(planes.size());
  Sum<T> sum = 0;
  for (const T* plane : planes) sum += static_cast<Sum<T>>(plane[pixel]);
  const Sum<T> mean = sum / count;
  Sum<T> squares = 0;
  for (const T* plane : planes) {
    const Sum<T> apart = static_cast<Sum<T>>(plane[pixel]) - mean;
    squares += apart * apart;
  }
  return stored<T>(std::sqrt(squares / (count - 1)));
}

template <class T>
bool is_nan(T value) {
  if constexpr (std::is_floating_point_v<T>) return std::isnan(value);
  return false;
}

// NaN where one of the values is none.
template <class T>
T extreme_of(const std::vector<const T*>& planes, std::size_t pixel, bool largest) {
  T found = planes[0][pixel];
  for (const T* plane : planes) {
    const T value = plane[pixel];
    if (is_nan(found)) break;
    if (is_nan(value) || (largest ? value > found : value < found)) found = value;
  }
  return found;
}

template <class T>
T median_of(const std::vector<const T*>& planes, std::size_t pixel, std::vector<T>* values) {
  for (std::size_t n = 0; n < planes.size(); ++n) {
    (*values)[n] = planes[n][pixel];
    if (is_nan((*values)[n])) return (*values)[n];
  }
  std::sort(values->begin(), values->end());
  const std::size_t middle = values->size() / 2;
  if (values->size() % 2 == 1) return (*values)[middle];
  const Sum<T> sum = static_cast<Sum<T>>((*values)[middle - 1]) + static_cast<Sum<T>>((*values)[middle]);
  return stored<T>(sum / 2);
}

template <class T>
void project_part(const std::vector<const T*>& planes, std::size_t begin, std::size_t end,
                  ProjectionType type, T* to) {
  std::vector<T> values(planes.size());
  for (std::size_t pixel = begin; pixel < end; ++pixel) {
    switch (type) {
      case ProjectionType::max:
      case ProjectionType::min:
        to[pixel] = extreme_of(planes, pixel, type == ProjectionType::max);
        break;
      case ProjectionType::median:
        to[pixel] = median_of(planes, pixel, &values);
        break;
      case ProjectionType::std:
        to[pixel] = deviation_of(planes, pixel);
        break;
      default:
        to[pixel] = mean_of(planes, pixel);
        break;
    }
  }
}

}  // namespace

template <class T>
double sharpness(const T* plane, std::int64_t height, std::int64_t width) {
  std::vector<double> sizes;
  sizes.reserve(static_cast<std::size_t>(height * width));
  double sum = 0;
  for (std::int64_t y = 0; y < height; ++y) {
    const T* above = plane + mirrored(y - 1, height) * width;
    const T* here = plane + y * width;
    const T* below = plane + mirrored(y + 1, height) * width;
    double row_sum = 0;
    for (std::int64_t x = 0; x < width; ++x) {
      const std::int64_t left = mirrored(x - 1, width);
      const std::int64_t right = mirrored(x + 1, width);
      const auto at = [](const T* row, std::int64_t column) { return static_cast<double>(row[column]); };
      const double along_x = (at(above, right) - at(above, left)) + 2 * (at(here, right) - at(here, left)) +
                             (at(below, right) - at(below, left));
      const double along_y = (at(below, left) - at(above, left)) + 2 * (at(below, x) - at(above, x)) +
                             (at(below, right) - at(above, right));
      sizes.push_back(std::sqrt(along_x * along_x + along_y * along_y));
      row_sum += sizes.back();
    }
    sum += row_sum;
  }
  const auto count = static_cast<double>(sizes.size());
  const double mean = sum / count;
  double squares = 0;
  for (auto row = sizes.begin(); row != sizes.end(); row += width) {
    double row_squares = 0;
    for (auto size = row; size != row + width; ++size) row_squares += (*size - mean) * (*size - mean);
    squares += row_squares;
  }
  return squares / count;
}

std::int64_t best_focus(const std::vector<double>& sharpness) {
  const double most = *std::max_element(sharpness.begin(), sharpness.end());
  if (!(most > 0)) return 0;
  const std::size_t last = sharpness.size() - 1;
  const auto part = [&](std::size_t z) { return sharpness[z] / most; };
  std::size_t best = 0;
  double best_mean = -std::numeric_limits<double>::infinity();
  for (std::size_t z = 0; z <= last; ++z) {
    const double mean = (part(z == 0 ? 0 : z - 1) + part(z) + part(std::min(z + 1, last))) / 3;
    if (mean > best_mean) {
      best = z;
      best_mean = mean;
    }
  }
  return static_cast<std::int64_t>(best);
}

Sections sections_of(const ZProjection& projection, std::int64_t best, std::int64_t depth) {
  std::int64_t first = 0;
  std::int64_t last = depth - 1;
  if (projection.range == ProjectionRange::best) {
    first = last = best;
  } else if (projection.range == ProjectionRange::around) {
    // A stack has far fewer sections than a number that could overflow.
    constexpr std::int64_t kMost = std::int64_t{1} << 40;
    base::check_number(projection.around, 0, kMost, "sections on either side");
    const std::int64_t around = projection.around;
    const std::int64_t centre = std::min(std::max(best, around), depth - around - 1);
    first = centre - around;
    last = centre + around;
  } else if (projection.range == ProjectionRange::fixed) {
    first = projection.first;
    last = projection.last;
    if (std::max<std::int64_t>(first, 0) > std::min(last, depth - 1)) {
      throw Error(ErrorCode::argument, "sections " + std::to_string(first) + " to " + std::to_string(last) +
                                           " are to be projected; the stack has 0 to " +
                                           std::to_string(depth - 1));
    }
  }
  first = std::max<std::int64_t>(first, 0);
  last = std::min(last, depth - 1);
  return {first, last - first + 1};
}

template <class T>
void project(const std::vector<const T*>& planes, std::int64_t pixels, ProjectionType type, int threads,
             T* to) {
  if (planes.size() == 1) {
    std::copy_n(planes[0], pixels, to);
    return;
  }
  constexpr std::int64_t kPart = std::int64_t{1} << 16;
  base::parallel_for((pixels + kPart - 1) / kPart, threads, [&](std::int64_t part) {
    project_part(planes, static_cast<std::size_t>(part * kPart),
                 static_cast<std::size_t>(std::min((part + 1) * kPart, pixels)), type, to);
  });
}

template double sharpness<std::uint8_t>(const std::uint8_t*, std::int64_t, std::int64_t);
template double sharpness<std::int16_t>(const std::int16_t*, std::int64_t, std::int64_t);
template double sharpness<std::uint16_t>(const std::uint16_t*, std::int64_t, std::int64_t);
template double sharpness<std::int32_t>(const std::int32_t*, std::int64_t, std::int64_t);
template double sharpness<std::uint32_t>(const std::uint32_t*, std::int64_t, std::int64_t);
template double sharpness<float>(const float*, std::int64_t, std::int64_t);
template double sharpness<double>(const double*, std::int64_t, std::int64_t);
template void project<std::uint8_t>(const std::vector<const std::uint8_t*>&, std::int64_t, ProjectionType,
                                    int, std::uint8_t*);
template void project<std::int16_t>(const std::vector<const std::int16_t*>&, std::int64_t, ProjectionType,
                                    int, std::int16_t*);
template void project<std::uint16_t>(const std::vector<const std::uint16_t*>&, std::int64_t, ProjectionType,
                                     int, std::uint16_t*);
template void project<std::int32_t>(const std::vector<const std::int32_t*>&, std::int64_t, ProjectionType,
                                    int, std::int32_t*);
template void project<std::uint32_t>(const std::vector<const std::uint32_t*>&, std::int64_t, ProjectionType,
                                     int, std::uint32_t*);
template void project<float>(const std::vector<const float*>&, std::int64_t, ProjectionType, int, float*);
template void project<double>(const std::vector<const double*>&, std::int64_t, ProjectionType, int, double*);

}  // namespace musclemap::image
