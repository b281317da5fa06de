// A map in double precision.
#ifndef MUSCLEMAP_INFER_REFERENCE_DOUBLE_MAP_HPP_
#define MUSCLEMAP_INFER_REFERENCE_DOUBLE_MAP_HPP_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

namespace musclemap::infer {

/// Values [channel][spatial axes..]; without spatial axes a vector.
struct DoubleMap {
  std::int64_t channels = 0;
  std::vector<std::int64_t> sizes;
  std::vector<double> values;

  DoubleMap() = default;
  DoubleMap(std::int64_t c, std::vector<std::int64_t> s)
      : channels(c), sizes(std::move(s)), values(static_cast<std::size_t>(c * pixels()), 0.0) {}
  std::int64_t pixels() const {
    return std::accumulate(sizes.begin(), sizes.end(), std::int64_t{1}, std::multiplies<>());
  }
  double* plane(std::int64_t c) { return values.data() + c * pixels(); }
  const double* plane(std::int64_t c) const { return values.data() + c * pixels(); }
};

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_REFERENCE_DOUBLE_MAP_HPP_
