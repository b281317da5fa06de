// Arrays of the reference data as doubles, which hold all their types exactly.
#ifndef MUSCLEMAP_TESTS_SUPPORT_NPY_ARRAY_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_NPY_ARRAY_HPP_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "io/arrays/npy_file.hpp"
#include "io/arrays/npz_file.hpp"

namespace musclemap::test {

/// C order.
struct NpyArray {
  std::vector<std::int64_t> shape;
  std::vector<double> values;

  std::vector<float> floats() const { return {values.begin(), values.end()}; }
};

inline NpyArray doubles_of(const io::Array& array) {
  return {array.shape, io::values_as<double>(array.view())};
}
inline NpyArray read_npy(const std::filesystem::path& file) { return doubles_of(io::read_npy(file)); }
inline NpyArray read_npz(const std::filesystem::path& file, const std::string& name) {
  return doubles_of(io::NpzReader(file).read(name));
}

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_NPY_ARRAY_HPP_
