// A file of labels beside its image: what the values mean, how its axes lie.
#ifndef MUSCLEMAP_TASK_LABEL_MAP_FILE_HPP_
#define MUSCLEMAP_TASK_LABEL_MAP_FILE_HPP_

#include <filesystem>
#include <string>
#include <vector>

#include "image/orientation.hpp"
#include "musclemap/labels.hpp"
#include "musclemap/nifti.hpp"

namespace musclemap::task {

/// Those of the table in the header, else of the .json beside the file, else the classes of one of
/// TotalSegmentator's tasks.
std::vector<Label> names_of_map(const NiftiReader& map, const std::filesystem::path& file,
                                const std::string& task, const RunControl& control);

/// Turns the axes of a map into those of the reference, which messages call `what`. Error `geometry`, about
/// the file, where the grids differ.
image::Orientation axes_on(const Geometry& reference, const char* what, const Geometry& map,
                           const std::filesystem::path& file, const RunControl& control);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_LABEL_MAP_FILE_HPP_
