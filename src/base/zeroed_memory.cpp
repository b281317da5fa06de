#include "base/zeroed_memory.hpp"

#include <cstdlib>
#include <memory>
#include <new>
#include <utility>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace musclemap::base {
namespace {

#ifdef __linux__
constexpr std::size_t kLargePage = std::size_t{2} << 20U;
constexpr std::size_t kLarge = 2 * kLargePage;
#endif

void* aligned(void* start, std::size_t room, std::size_t alignment, std::size_t bytes) {
  return std::align(alignment, bytes, start, room);
}

}  // namespace

ZeroedMemory::ZeroedMemory(std::size_t bytes) {
#ifdef __linux__
  if (bytes >= kLarge) {
    const std::size_t room = bytes + kLargePage;
    if (room < bytes) throw std::bad_alloc();
    void* memory = mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    whole_ = memory;
    mapped_ = room;
    data_ = aligned(memory, room, kLargePage, bytes);
    // Only a wish: without large pages everything works, more slowly.
    static_cast<void>(madvise(data_, bytes, MADV_HUGEPAGE));
    return;
  }
#endif
  const std::size_t room = bytes + kCacheLine;
  if (room < bytes) throw std::bad_alloc();
  whole_ = std::calloc(room, 1);
  if (whole_ == nullptr) throw std::bad_alloc();
  data_ = aligned(whole_, room, kCacheLine, bytes);
}

ZeroedMemory::~ZeroedMemory() {
#ifdef __linux__
  if (mapped_ != 0) {
    munmap(whole_, mapped_);
    return;
  }
#endif
  std::free(whole_);
}

void ZeroedMemory::swap(ZeroedMemory& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(whole_, other.whole_);
  std::swap(mapped_, other.mapped_);
}

}  // namespace musclemap::base
