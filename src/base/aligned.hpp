// Memory for vectors: aligned to cache lines, not initialised value by value.
#ifndef MUSCLEMAP_BASE_ALIGNED_HPP_
#define MUSCLEMAP_BASE_ALIGNED_HPP_

#include <cstddef>
#include <cstdint>

#include "base/checked.hpp"
#include "base/zeroed_memory.hpp"

namespace musclemap::base {

class AlignedFloats {
 public:
  AlignedFloats() = default;
  /// Zeros. Errors: std::bad_alloc.
  explicit AlignedFloats(std::int64_t count)
      : memory_(static_cast<std::size_t>(checked_mul<std::int64_t>(count, sizeof(float)))), size_(count) {}

  float* data() { return static_cast<float*>(memory_.data()); }
  const float* data() const { return static_cast<const float*>(memory_.data()); }
  std::int64_t size() const { return size_; }

 private:
  ZeroedMemory memory_;
  std::int64_t size_ = 0;
};

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_ALIGNED_HPP_
