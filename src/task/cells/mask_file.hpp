// Masks of cells as a plain file of pixels: .tif or .npy.
#ifndef MUSCLEMAP_TASK_CELLS_MASK_FILE_HPP_
#define MUSCLEMAP_TASK_CELLS_MASK_FILE_HPP_

#include <cstdint>
#include <filesystem>
#include <vector>

#include "musclemap/cells.hpp"

namespace musclemap::task {

/// Error `argument` for a name that ends in neither .tif, .tiff nor .npy.
void check_mask_file(const std::filesystem::path& file);

/// uint16, or uint32 where a label is above 65,535; the file appears whole or not at all. TIFF: a page a
/// plane. Errors: as check_mask_file(), `io`.
/// @param shape (y, x) or (z, y, x)
void write_mask_file(const std::filesystem::path& file, const CellMasks& masks,
                     const std::vector<std::int64_t>& shape);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_MASK_FILE_HPP_
