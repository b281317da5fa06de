// What `musclemap info` says of a file of pictures.
#ifndef MUSCLEMAP_CLI_PICTURE_INFO_HPP_
#define MUSCLEMAP_CLI_PICTURE_INFO_HPP_

#include <filesystem>

#include "cli/console.hpp"

namespace musclemap::cli {

struct PictureInfoOptions {
  bool verify;  ///< read every pixel; as JSON they always are
  bool json;
};

/// Prints it. Errors: those of open_picture().
void show_picture(const std::filesystem::path& file, const PictureInfoOptions& options, Console& console);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_PICTURE_INFO_HPP_
