// Flows that a network gave earlier, in NumPy's files.
#ifndef MUSCLEMAP_TASK_CELLS_STORED_FLOWS_HPP_
#define MUSCLEMAP_TASK_CELLS_STORED_FLOWS_HPP_

#include <cstdint>
#include <filesystem>
#include <vector>

#include "musclemap/cells.hpp"

namespace musclemap::task {

/// With their memory; as CellFlows.
struct StoredFlows {
  std::vector<float> flows;
  std::vector<float> cellprob;
  std::int64_t depth = 0;
  std::int64_t height = 0;
  std::int64_t width = 0;

  /// Of the masks: (y, x) or (z, y, x).
  std::vector<std::int64_t> shape() const {
    return depth > 0 ? std::vector<std::int64_t>{depth, height, width}
                     : std::vector<std::int64_t>{height, width};
  }
  CellFlows view() const { return {flows.data(), cellprob.data(), depth, height, width}; }
};

/// The arrays `dP`, (2, y, x) or (3, z, y, x), and `cellprob`, (y, x) or (z, y, x), of any real type. Errors
/// name the file: those of io::NpzReader; `format` for shapes that are no flows or do not fit each other.
StoredFlows read_stored_flows(const std::filesystem::path& npz);

/// The same of two .npy files.
StoredFlows read_stored_flows(const std::filesystem::path& dp, const std::filesystem::path& cellprob);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_STORED_FLOWS_HPP_
