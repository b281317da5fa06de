// Reference data of cells, which is not part of the repository.
#ifndef MUSCLEMAP_TESTS_SUPPORT_CELL_VECTORS_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_CELL_VECTORS_HPP_

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "io/arrays/npy_file.hpp"
#include "support/shared_data.hpp"

namespace musclemap::test {

/// An array with its shape, values as T.
template <class T>
struct CellVector {
  std::vector<std::int64_t> shape;
  std::vector<T> values;
};

template <class T>
CellVector<T> cell_vector(const io::Array& array) {
  return {array.shape, io::values_as<T>(array.view())};
}

/// An array of the folder `cellpose`, which is there: "dyn_clean.dP".
template <class T>
CellVector<T> cell_vector(const std::string& name) {
  return cell_vector<T>(io::read_npy(shared_data() / "cellpose" / (name + ".npy")));
}

/// The manifest of a folder of the reference data, which is there.
inline nlohmann::json cell_manifest(const std::string& folder) {
  std::ifstream file(shared_data() / folder / "manifest.json");
  return nlohmann::json::parse(file);
}

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_CELL_VECTORS_HPP_
