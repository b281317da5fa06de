// Devices by TotalSegmentator's names.
#ifndef MUSCLEMAP_CLI_DEVICE_WORDS_HPP_
#define MUSCLEMAP_CLI_DEVICE_WORDS_HPP_

#include <optional>
#include <string>

#include "cli/console.hpp"
#include "musclemap/run.hpp"

namespace musclemap::cli {

/// "gpu" (unset: a GPU if there is one), "gpu:N", "mps", beside those of task::device_of(). A device that is
/// not there is the CPU, which the console says. Error `argument` for another word.
std::optional<Device> device_of_original(const std::string& text, Console& console);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_DEVICE_WORDS_HPP_
