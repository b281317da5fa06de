// Vectors of the reference data, and slices of fields as they list them.
#ifndef MUSCLEMAP_TESTS_UNIT_IMAGE_STEPS_VECTORS_HPP_
#define MUSCLEMAP_TESTS_UNIT_IMAGE_STEPS_VECTORS_HPP_

#include <cmath>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "image/field.hpp"
#include "support/catch.hpp"
#include "support/shared_data.hpp"

namespace musclemap::test {

/// That part of totalsegmentator/vectors.json; null where the reference data are absent.
inline nlohmann::json vectors_of(const std::string& key) {
  const auto folder = shared_data();
  if (folder.empty()) return nullptr;
  std::ifstream file(folder / "totalsegmentator" / "vectors.json");
  return nlohmann::json::parse(file).at(key);
}

/// Values with x fastest as a MemoryField lists them, [x][y][z], and back: of a field's shape, or of it
/// turned.
template <class T>
std::vector<T> other_order(const std::vector<T>& values, const Index3& shape) {
  std::vector<T> result;
  for (std::int64_t x = 0; x < shape[0]; ++x) {
    for (std::int64_t y = 0; y < shape[1]; ++y) {
      for (std::int64_t z = 0; z < shape[2]; ++z)
        result.push_back(values.at(static_cast<std::size_t>((z * shape[1] + y) * shape[0] + x)));
    }
  }
  return result;
}

/// All values of a field with x fastest, read slice by slice.
inline std::vector<float> x_fastest(image::Field& field, const Index3& shape) {
  std::vector<float> result;
  for (std::int64_t z = 0; z < shape[2]; ++z) {
    const std::vector<float> slice = field.values(image::slice_of(image::whole(shape), z));
    for (std::int64_t y = 0; y < shape[1]; ++y) {
      for (std::int64_t x = 0; x < shape[0]; ++x)
        result.push_back(slice[static_cast<std::size_t>(x * shape[1] + y)]);
    }
  }
  return result;
}

/// Largest difference.
template <class A, class B>
double apart(const std::vector<A>& a, const std::vector<B>& b) {
  REQUIRE(a.size() == b.size());
  double most = 0;
  for (std::size_t n = 0; n < a.size(); ++n)
    most = std::max(most, std::fabs(static_cast<double>(a[n]) - static_cast<double>(b[n])));
  return most;
}

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_UNIT_IMAGE_STEPS_VECTORS_HPP_
