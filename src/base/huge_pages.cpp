#include "base/huge_pages.hpp"

#include <sys/mman.h>

#include <memory>

namespace musclemap::base {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
// Below it a half-used page at either end would be a large part of the block.
constexpr std::size_t kLeast = std::size_t{16} << 20;

}  // namespace

void prefer_huge_pages(void* memory, std::size_t bytes) noexcept {
#ifdef MADV_HUGEPAGE
  if (memory == nullptr || bytes < kLeast) return;
  // Whole huge pages inside the block alone: its neighbours are somebody else's.
  void* begin = memory;
  std::size_t room = bytes;
  if (std::align(kHugePage, kHugePage, begin, room) == nullptr) return;
  // A wish: where it is not granted nothing is lost.
  static_cast<void>(::madvise(begin, room / kHugePage * kHugePage, MADV_HUGEPAGE));
#else
  static_cast<void>(memory);
  static_cast<void>(bytes);
#endif
}

}  // namespace musclemap::base
