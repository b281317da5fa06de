#include "error_record.hpp"

#include <algorithm>
#include <cstring>
#include <exception>
#include <new>

#include "guard.hpp"
#include "musclemap/error.hpp"
#include "structs.hpp"

namespace musclemap::capi {
namespace {

constexpr std::size_t kMessageBytes = 4096;
constexpr std::size_t kFileBytes = 4096;

// Fixed buffers: noting that memory has run out must not need memory.
struct Record {
  std::int32_t code = MM_OK;
  std::int32_t reason = 0;
  char file[kFileBytes] = "";
  char message[kMessageBytes] = "";
  char whole[kFileBytes + kMessageBytes] = "";
};

Record& record() noexcept {
  static thread_local Record of_this_thread;
  return of_this_thread;
}

// Bytes of `text` that fit into `room` with a NUL, never part of a UTF-8 character.
std::size_t fitting(const char* text, std::size_t room) noexcept {
  const std::size_t length = std::strlen(text);
  if (length < room) return length;
  std::size_t end = room - 1;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return end;
}

void copy(const char* from, char* to, std::size_t room) noexcept {
  const std::size_t count = fitting(from, room);
  std::memcpy(to, from, count);
  to[count] = '\0';
}

mm_status note(ErrorCode code, Reason reason, const char* file, const char* message) noexcept {
  Record& own = record();
  own.code = static_cast<std::int32_t>(code);
  own.reason = static_cast<std::int32_t>(reason);
  copy(file, own.file, sizeof own.file);
  copy(message, own.message, sizeof own.message);
  char* end = own.whole;
  if (own.file[0] != '\0') {
    copy(own.file, end, sizeof own.whole);
    end += std::strlen(end);
    *end++ = ':';
    *end++ = ' ';
  }
  copy(own.message, end, sizeof own.whole - static_cast<std::size_t>(end - own.whole));
  return own.code;
}

}  // namespace

mm_status record_current_exception() noexcept {
  try {
    throw;
  } catch (const Error& error) {
    return note(error.code(), error.reason(), error.file().c_str(), error.what());
  } catch (const std::bad_alloc&) {
    return note(ErrorCode::memory, Reason::nomem, "", "out of memory");
  } catch (const std::exception& error) {
    return note(ErrorCode::internal, Reason::internal, "", error.what());
  } catch (...) {
    return note(ErrorCode::internal, Reason::internal, "", "an exception of a foreign type was thrown");
  }
}

}  // namespace musclemap::capi

using musclemap::capi::guarded;

const char* mm_last_error(void) noexcept { return musclemap::capi::record().whole; }

mm_status mm_last_error_info(mm_error_info* out) noexcept {
  return guarded([&] {
    const musclemap::capi::Result<mm_error_info> result(out, "out");
    const musclemap::capi::Record& record = musclemap::capi::record();
    mm_error_info info{};
    info.code = record.code;
    info.reason = record.reason;
    info.file = record.file;
    info.message = record.message;
    result.give(info);
  });
}
