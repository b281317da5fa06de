#include "io/files/io_error.hpp"

#include <system_error>

namespace musclemap::io {

void throw_format(Reason reason, const std::string& message, const std::filesystem::path& file) {
  throw Error(ErrorCode::format, reason, message, file);
}

void throw_io(const std::string& action, int error_number, const std::filesystem::path& file) {
  throw Error(ErrorCode::io, Reason::io,
              "cannot " + action + ": " + std::generic_category().message(error_number), file);
}

}  // namespace musclemap::io
