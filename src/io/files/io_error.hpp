// Errors as this folder throws them, in one short call each.
#ifndef MUSCLEMAP_IO_FILES_IO_ERROR_HPP_
#define MUSCLEMAP_IO_FILES_IO_ERROR_HPP_

#include <filesystem>
#include <string>

#include "musclemap/error.hpp"

namespace musclemap::io {

/// The file's content is not what it should be. Reason: not_nifti, bad_header, truncated, corrupt or limit.
[[noreturn]] void throw_format(Reason reason, const std::string& message, const std::filesystem::path& file);

/// `action` ("open", "write to", …) did not work for the cause in `error_number`.
[[noreturn]] void throw_io(const std::string& action, int error_number, const std::filesystem::path& file);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_IO_ERROR_HPP_
