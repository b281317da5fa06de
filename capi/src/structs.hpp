// Pointers and structs of the caller: checked, copied, grown.
#ifndef MUSCLEMAP_CAPI_STRUCTS_HPP_
#define MUSCLEMAP_CAPI_STRUCTS_HPP_

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

#include "base/checked.hpp"
#include "musclemap/error.hpp"

namespace musclemap::capi {

/// Error `argument` for NULL.
template <class T>
T* required(T* pointer, const char* name) {
  if (pointer == nullptr) throw Error(ErrorCode::argument, std::string(name) + " is NULL");
  return pointer;
}

/// The bytes that a struct had in the first release of the ABI: a struct that grows gets a specialisation.
template <class T>
inline constexpr std::uint32_t kFirstSize = sizeof(T);

/// No struct of the header will be larger: what states more has not set struct_size.
constexpr std::uint32_t kLargestStruct = 4096;

/// struct_size of `given`; Error `argument` where it cannot be one.
template <class T>
std::uint32_t stated_size(const T* given, const char* name) {
  const std::uint32_t size = required(given, name)->struct_size;
  if (size >= kFirstSize<T> && size <= kLargestStruct) return size;
  throw Error(ErrorCode::argument, std::string(name) + ": struct_size is " + std::to_string(size) +
                                       "; at least " + std::to_string(kFirstSize<T>) + " is needed");
}

/// A copy of the caller's struct. Fields that a caller of an older header lacks are zero; fields that this
/// library does not know must be zero.
template <class T>
T taken(const T* given, const char* name) {
  const std::uint32_t size = stated_size(given, name);
  T own{};
  std::memcpy(&own, given, std::min<std::size_t>(size, sizeof own));
  const auto* bytes = reinterpret_cast<const unsigned char*>(given);
  if (std::any_of(bytes + std::min<std::size_t>(size, sizeof own), bytes + size,
                  [](unsigned char byte) { return byte != 0; })) {
    throw Error(ErrorCode::argument, Reason::unsupported,
                std::string(name) + " sets a field that this version of the library does not know");
  }
  own.struct_size = sizeof own;
  return own;
}

/// The same; defaults for NULL.
template <class T>
T taken_or_default(const T* given, const char* name) {
  return given == nullptr ? T{} : taken(given, name);
}

/// A struct of the caller's that a result goes into. Checked before the work, written after it.
template <class T>
class Result {
 public:
  Result(T* out, const char* name) : out_(out), size_(stated_size(out, name)) {}

  void give(T own) const noexcept {
    own.struct_size = size_;
    const std::size_t known = std::min<std::size_t>(size_, sizeof own);
    std::memcpy(out_, &own, known);
    std::memset(reinterpret_cast<unsigned char*>(out_) + known, 0, size_ - known);
  }

 private:
  T* out_;
  std::uint32_t size_;
};

/// Number of an enumeration whose numbers run from `first` to `last`.
template <class Enum>
Enum checked_enum(std::int32_t number, Enum first, Enum last, const char* name) {
  const auto value = static_cast<Enum>(number);
  base::check_enum(value, first, last, name);
  return value;
}

/// The same with 0 for the default.
template <class Enum>
Enum enum_or(std::int32_t number, Enum otherwise, Enum first, Enum last, const char* name) {
  return number == 0 ? otherwise : checked_enum(number, first, last, name);
}

/// Error `argument` for an index outside of [0, count).
inline std::size_t checked_index(std::int64_t index, std::size_t count, const char* name) {
  if (index < 0 || static_cast<std::uint64_t>(index) >= count) {
    throw Error(ErrorCode::argument,
                std::string(name) + " is " + std::to_string(index) + "; there are " + std::to_string(count));
  }
  return static_cast<std::size_t>(index);
}

inline std::string text_or_empty(const char* text) { return text == nullptr ? std::string() : text; }

}  // namespace musclemap::capi

#endif  // MUSCLEMAP_CAPI_STRUCTS_HPP_
