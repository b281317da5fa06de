// Which file a path means, however it is spelled.
#ifndef MUSCLEMAP_IO_FILES_FILE_IDENTITY_HPP_
#define MUSCLEMAP_IO_FILES_FILE_IDENTITY_HPP_

#include <filesystem>
#include <string>

namespace musclemap::io {

/// Absolute, without links, "." and ".."; the end need not exist. Never throws.
std::filesystem::path whole_path(const std::filesystem::path& file);

/// Equal for two paths to one file, by any link or spelling; files that do not exist are told apart by where
/// they would be.
std::string file_identity(const std::filesystem::path& file);

/// Equal for two paths that name one entry of one folder: a link at the end is not followed.
std::string entry_identity(const std::filesystem::path& file);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_FILE_IDENTITY_HPP_
