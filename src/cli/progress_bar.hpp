// A line that says how far a run is.
#ifndef MUSCLEMAP_CLI_PROGRESS_BAR_HPP_
#define MUSCLEMAP_CLI_PROGRESS_BAR_HPP_

#include <cstddef>
#include <optional>
#include <string>

#include "musclemap/run.hpp"

namespace musclemap::cli {

/// "scan.nii.gz: infer 12/48, 1 min 3 s left"; what is not known yet is "? s".
std::string progress_line(const std::string& name, const Progress& progress,
                          std::optional<double> seconds_left);

/// The same with a bar before it, never so wide that a terminal of `columns` would wrap it. What does not fit
/// goes in this order: columns of the bar, the middle of the name, the bar, the name.
std::string bar_line(const std::string& name, const Progress& progress, std::optional<double> seconds_left,
                     std::size_t columns);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_PROGRESS_BAR_HPP_
