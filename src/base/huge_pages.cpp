#include "base/huge_pages.hpp"

#include <sys/mman.h>

#include <cstdint>

namespace musclemap::base {
namespace {

constexpr std::uintptr_t kHugePage = std::uintptr_t{2} << 20;
// Below it a half-used page at either end would be a large part of the block.
constexpr std::size_t kLeast = std::size_t{16} << 20;

}  // namespace

void prefer_huge_pages(void* memory, std::size_t bytes) noexcept {
#ifdef MADV_HUGEPAGE
  if (memory == nullptr || bytes < kLeast) return;
  // Whole huge pages inside the block alone: its neighbours are somebody else's.
  const auto begin = (reinterpret_cast<std::uintptr_t>(memory) + kHugePage - 1) / kHugePage * kHugePage;
  const auto end = (reinterpret_cast<std::uintptr_t>(memory) + bytes) / kHugePage * kHugePage;
  // A wish: where it is not granted nothing is lost.
  if (begin < end) static_cast<void>(::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE));
#else
  static_cast<void>(memory);
  static_cast<void>(bytes);
#endif
}

}  // namespace musclemap::base
