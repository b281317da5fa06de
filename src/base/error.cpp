#include "musclemap/error.hpp"

#include <utility>

namespace musclemap {
namespace {

Reason general_reason(ErrorCode code) {
  switch (code) {
    case ErrorCode::argument:
      return Reason::invalid;
    case ErrorCode::memory:
      return Reason::nomem;
    case ErrorCode::io:
      return Reason::io;
    case ErrorCode::format:
      return Reason::corrupt;
    case ErrorCode::geometry:
      return Reason::geometry;
    case ErrorCode::model:
      return Reason::model;
    case ErrorCode::device:
      return Reason::unsupported;
    case ErrorCode::cancelled:
      return Reason::cancelled;
    case ErrorCode::unsupported:
      return Reason::unsupported;
    case ErrorCode::internal:
      return Reason::internal;
  }
  return Reason::internal;
}

}  // namespace

const char* code_name(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::argument:
      return "argument";
    case ErrorCode::memory:
      return "memory";
    case ErrorCode::io:
      return "io";
    case ErrorCode::format:
      return "format";
    case ErrorCode::geometry:
      return "geometry";
    case ErrorCode::model:
      return "model";
    case ErrorCode::device:
      return "device";
    case ErrorCode::cancelled:
      return "cancelled";
    case ErrorCode::unsupported:
      return "unsupported";
    case ErrorCode::internal:
      return "internal";
  }
  return "unknown";
}

const char* reason_name(Reason reason) noexcept {
  switch (reason) {
    case Reason::io:
      return "io";
    case Reason::not_nifti:
      return "not_nifti";
    case Reason::bad_header:
      return "bad_header";
    case Reason::unsupported:
      return "unsupported";
    case Reason::truncated:
      return "truncated";
    case Reason::corrupt:
      return "corrupt";
    case Reason::limit:
      return "limit";
    case Reason::geometry:
      return "geometry";
    case Reason::labels:
      return "labels";
    case Reason::nonfinite:
      return "nonfinite";
    case Reason::bad_json:
      return "bad_json";
    case Reason::nomem:
      return "nomem";
    case Reason::cancelled:
      return "cancelled";
    case Reason::timeout:
      return "timeout";
    case Reason::busy:
      return "busy";
    case Reason::forked:
      return "forked";
    case Reason::invalid:
      return "invalid";
    case Reason::model:
      return "model";
    case Reason::internal:
      return "internal";
  }
  return "unknown";
}

Error::Error(ErrorCode code, const std::string& message) : Error(code, general_reason(code), message) {}

Error::Error(ErrorCode code, Reason reason, const std::string& message, std::filesystem::path file)
    : std::runtime_error(message), code_(code), reason_(reason), file_(std::move(file)) {}

Error Error::about(const std::filesystem::path& file) const {
  return file_.empty() ? Error(code_, reason_, what(), file) : *this;
}

}  // namespace musclemap
