// Memory for vectors: aligned to cache lines, not initialised value by value.
#ifndef MUSCLEMAP_BASE_ALIGNED_HPP_
#define MUSCLEMAP_BASE_ALIGNED_HPP_

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

#include "base/checked.hpp"

namespace musclemap::base {

/// Bytes that every AlignedFloats starts at a multiple of.
inline constexpr std::size_t kCacheLine = 64;

/// Floats on the heap, all zero at first: fresh pages of the operating system are, so that memory that is
/// never touched is never taken. Move-only.
class AlignedFloats {
 public:
  AlignedFloats() = default;
  /// Errors: std::bad_alloc.
  explicit AlignedFloats(std::int64_t count) : size_(count) {
    const auto bytes = static_cast<std::size_t>(checked_mul<std::int64_t>(count, sizeof(float))) + kCacheLine;
    raw_.reset(std::calloc(bytes, 1));
    if (raw_ == nullptr) throw std::bad_alloc();
    void* start = raw_.get();
    std::size_t room = bytes;
    data_ = static_cast<float*>(std::align(kCacheLine, bytes - kCacheLine, start, room));
  }

  float* data() { return data_; }
  const float* data() const { return data_; }
  std::int64_t size() const { return size_; }

 private:
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };

  std::unique_ptr<void, Free> raw_;
  float* data_ = nullptr;
  std::int64_t size_ = 0;
};

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_ALIGNED_HPP_
