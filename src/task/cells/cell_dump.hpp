// Dumps of what lies between a picture and its masks (docs/chains/cells.md, "Stages").
#ifndef MUSCLEMAP_TASK_CELLS_CELL_DUMP_HPP_
#define MUSCLEMAP_TASK_CELLS_CELL_DUMP_HPP_

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "musclemap/cell_segmenter.hpp"

namespace musclemap::task {

/// Arrays of an .npz: normalized and rescaled (a), network, style, dP and cellprob (b), p (c), seed_masks and
/// flow_errors (d), masks (e). Appears whole or not at all. Error `io`.
/// @param file to be written
/// @param shape planes, pixels along y and along x; of one plane the arrays have no axis z
/// @param result of one picture or stack, with its flows
/// @param stages of the same run
void write_cell_dump(const std::filesystem::path& file, const std::array<std::int64_t, 3>& shape,
                     const CellResult& result, const CellStages& stages);

/// One array of two dumps.
struct DumpDifference {
  char stage = 'a';
  std::string array;
  std::string problem;         ///< what keeps it from being compared: shapes that differ; else empty
  std::int64_t values = 0;     ///< of the array
  std::int64_t different = 0;  ///< values that are not equal
  double largest = 0;          ///< difference
  double allowed = 0;          ///< largest that counts as equal in that stage

  double allowed_share = 0;  ///< of the values that may differ by more

  bool parts() const {
    return !problem.empty() || (largest > allowed &&
                                static_cast<double>(different) > allowed_share * static_cast<double>(values));
  }
};

/// In the order of the stages; arrays that neither has are left out, and one that a single dump has is a
/// problem. Errors name the file: those of io::NpzReader.
std::vector<DumpDifference> compare_cell_dumps(const std::filesystem::path& a,
                                               const std::filesystem::path& b);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_CELL_DUMP_HPP_
