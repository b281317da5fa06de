// Memory that is zero and, where it is large, lies in large pages: networks walk over hundreds of megabytes
// in steps of whole rows, for which small pages cost more time than the arithmetic.
#ifndef MUSCLEMAP_BASE_ZEROED_MEMORY_HPP_
#define MUSCLEMAP_BASE_ZEROED_MEMORY_HPP_

#include <cstddef>

namespace musclemap::base {

inline constexpr std::size_t kCacheLine = 64;

/// Aligned to cache lines; freed with it.
class ZeroedMemory {
 public:
  ZeroedMemory() = default;
  /// Pages are taken when they are written to first. Errors: std::bad_alloc.
  explicit ZeroedMemory(std::size_t bytes);
  ZeroedMemory(ZeroedMemory&& other) noexcept { swap(other); }
  ZeroedMemory& operator=(ZeroedMemory&& other) noexcept {
    ZeroedMemory moved(static_cast<ZeroedMemory&&>(other));
    swap(moved);
    return *this;
  }
  ~ZeroedMemory();

  void* data() const { return data_; }

 private:
  void swap(ZeroedMemory& other) noexcept;

  void* data_ = nullptr;
  void* whole_ = nullptr;
  std::size_t mapped_ = 0;  // 0: of std::calloc()
};

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_ZEROED_MEMORY_HPP_
