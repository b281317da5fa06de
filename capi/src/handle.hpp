// What every handle begins with: its kind, its process, who uses it.
#ifndef MUSCLEMAP_CAPI_HANDLE_HPP_
#define MUSCLEMAP_CAPI_HANDLE_HPP_

#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <string>

#include "musclemap/error.hpp"
#include "structs.hpp"

namespace musclemap::capi {

/// Unlikely values, so that a pointer to something else is told from a handle.
enum class Kind : std::uint64_t {
  freed = 0x6d6d5f6672656564,
  cancel_token = 0x6d6d5f63616e6365,
  volume = 0x6d6d5f766f6c756d,
  labels = 0x6d6d5f6c6162656c,
  bundle = 0x6d6d5f62756e646c,
  task = 0x6d6d5f7461736b00,
  segmenter = 0x6d6d5f7365676d65,
  tissue = 0x6d6d5f7469737375,
  table = 0x6d6d5f7461626c65,
  image = 0x6d6d5f696d616765,
  cells = 0x6d6d5f63656c6c73,
};

/// Base of the handles, which are plain structs of the C interface. `users` counts the calls that read; -1:
/// one that changes.
class Handle {
 public:
  explicit Handle(Kind kind) noexcept : kind_(kind), process_(getpid()) {}
  ~Handle() { kind_ = Kind::freed; }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  bool is(Kind kind) const noexcept { return kind_ == kind; }
  bool of_this_process() const noexcept { return process_ == getpid(); }

 private:
  friend class Reading;
  friend class Changing;
  // Volatile: the mark of a freed handle must be written although nothing lawful reads it.
  volatile Kind kind_;
  pid_t process_;
  mutable std::atomic<std::int32_t> users_{0};
};

/// The handle behind a caller's pointer. Errors `argument`: NULL, another type, or reason `forked`.
template <class T>
T& checked(T* handle, const char* name) {
  required(handle, name);
  if (!handle->is(std::remove_const_t<T>::kKind)) {
    throw Error(ErrorCode::argument, std::string(name) + " is a handle of another type, or was freed");
  }
  if (!handle->of_this_process()) {
    throw Error(ErrorCode::argument, Reason::forked,
                std::string(name) + " was made before fork(); make it anew in this process");
  }
  return *handle;
}

/// Whether a handle may be freed. Those that were made before fork() are left alone: their memory goes with
/// the process, and what else they hold belongs to the parent.
template <class T>
bool may_free(const T* handle) noexcept {
  return handle != nullptr && handle->is(T::kKind) && handle->of_this_process();
}

[[noreturn]] inline void refuse_busy(const char* name) {
  throw Error(ErrorCode::argument, Reason::busy, std::string(name) + " is in use by another call");
}

/// Holds a handle against change. Error `argument`, reason `busy`.
class Reading {
 public:
  Reading(const Handle& handle, const char* name) : handle_(handle) {
    std::int32_t users = handle.users_.load();
    do {
      if (users < 0) refuse_busy(name);
    } while (!handle.users_.compare_exchange_weak(users, users + 1));
  }
  ~Reading() { --handle_.users_; }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

 private:
  const Handle& handle_;
};

/// Holds a handle against every other call. Error `argument`, reason `busy`.
class Changing {
 public:
  Changing(const Handle& handle, const char* name) : handle_(handle) {
    std::int32_t nobody = 0;
    if (!handle.users_.compare_exchange_strong(nobody, -1)) refuse_busy(name);
  }
  ~Changing() { handle_.users_ = 0; }
  Changing(const Changing&) = delete;
  Changing& operator=(const Changing&) = delete;

 private:
  const Handle& handle_;
};

}  // namespace musclemap::capi

#endif  // MUSCLEMAP_CAPI_HANDLE_HPP_
