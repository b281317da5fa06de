// Errors: the only exception type that the library throws beside std::bad_alloc.
#ifndef MUSCLEMAP_ERROR_HPP_
#define MUSCLEMAP_ERROR_HPP_

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "musclemap/export.hpp"

namespace musclemap {

/// Coarse cause: what a caller branches on. Numbers are frozen and never reused.
enum class ErrorCode : std::int32_t {
  argument = 1,  ///< the caller passed something that is not allowed
  memory,        ///< out of memory, or a stated memory limit does not suffice
  io,            ///< a file cannot be opened, read, written or replaced
  format,        ///< a file's content is not what its format says
  geometry,      ///< an image's position, spacing or shape cannot be used
  model,         ///< a model's weights or description cannot be used
  device,        ///< the inference engine or the compute device is not available
  cancelled,     ///< the run was cancelled
  unsupported,   ///< legal input that this library does not handle
  internal,      ///< a promise inside the library was broken
};

/// Fine cause: what a person or a log wants to know. Names are those of reason_name().
enum class Reason : std::int32_t {
  io = 1,
  not_nifti,
  bad_header,
  unsupported,
  truncated,
  corrupt,
  limit,
  geometry,
  labels,
  nonfinite,
  bad_json,
  nomem,
  cancelled,
  timeout,
  busy,
  forked,
  invalid,
  model,
  internal,
};

/// @param code any number
/// @return "argument", "memory", …; "unknown" for a number outside the list
MUSCLEMAP_API const char* code_name(ErrorCode code) noexcept;

/// @param reason any number
/// @return "io", "not_nifti", …; "unknown" for a number outside the list
MUSCLEMAP_API const char* reason_name(Reason reason) noexcept;

/// One failure. The message is one line: what was wrong, the value seen, the value allowed; it does not
/// repeat the file, which stands in file(). Immutable.
class MUSCLEMAP_API Error : public std::runtime_error {
 public:
  /// The reason is the most general one of that code.
  /// @param code coarse cause
  /// @param message one line without the file
  Error(ErrorCode code, const std::string& message);
  /// @param code coarse cause
  /// @param reason fine cause
  /// @param message one line without the file
  /// @param file that the error is about; empty: none
  Error(ErrorCode code, Reason reason, const std::string& message, std::filesystem::path file = {});

  /// @return coarse cause
  ErrorCode code() const noexcept { return code_; }
  /// @return fine cause
  Reason reason() const noexcept { return reason_; }
  /// @return the file that the error is about; empty when it is about no file
  const std::filesystem::path& file() const noexcept { return file_; }
  /// @param file that the error shall be about
  /// @return the same error, told about `file` if it names none yet
  Error about(const std::filesystem::path& file) const;

 private:
  ErrorCode code_;
  Reason reason_;
  std::filesystem::path file_;
};

}  // namespace musclemap

#endif  // MUSCLEMAP_ERROR_HPP_
