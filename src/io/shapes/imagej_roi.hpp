// Outlines as regions of interest of ImageJ and Fiji.
#ifndef MUSCLEMAP_IO_SHAPES_IMAGEJ_ROI_HPP_
#define MUSCLEMAP_IO_SHAPES_IMAGEJ_ROI_HPP_

#include <filesystem>
#include <string>
#include <vector>

#include "io/shapes/cell_shape.hpp"

namespace musclemap::io {

/// The bytes of a .roi file: a traced polygon with whole numbers at corners of pixels; a composite of paths
/// for a cell of several parts or with holes. Frame and slice are those of the cell where there are more than
/// one. Format: ImageJ, ij.io.RoiEncoder, version 228.
std::string imagej_roi(const CellShape& cell, const std::string& name, const ShapePages& pages);

/// An archive for ImageJ's ROI Manager, an entry a cell in the order given: "12.roi", of a series
/// "3-12.roi", the frame from 1 before the number, of a stack "z5-12.roi", the section from 1, of a series of
/// stacks "3-z5-12.roi". Appears whole or not at all. Error `io`.
void write_imagej_rois(const std::filesystem::path& file, const std::vector<CellShape>& cells,
                       const ShapePages& pages);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_SHAPES_IMAGEJ_ROI_HPP_
