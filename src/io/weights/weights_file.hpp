// The bytes of a weights file, with their hash.
#ifndef MUSCLEMAP_IO_WEIGHTS_WEIGHTS_FILE_HPP_
#define MUSCLEMAP_IO_WEIGHTS_WEIGHTS_FILE_HPP_

#include <cstdint>
#include <filesystem>
#include <string>

#include "musclemap/run.hpp"

namespace musclemap::io {

inline constexpr std::uint64_t kLargestWeights = std::uint64_t{2} << 30;  // bytes

/// All bytes of `file`, and their SHA-256 in `sha256`; reports Stage::read in megabytes. Errors: `io`,
/// `memory` (more than kLargestWeights), `cancelled`.
std::string read_weights_file(const std::filesystem::path& file, const RunControl& control,
                              std::string* sha256);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_WEIGHTS_FILE_HPP_
