// Pages of 2 MiB for large blocks of memory.
#ifndef MUSCLEMAP_BASE_HUGE_PAGES_HPP_
#define MUSCLEMAP_BASE_HUGE_PAGES_HPP_

#include <cstddef>

namespace musclemap::base {

/// Asks for huge pages in fresh memory that will be written as a whole: the first write to a page costs as
/// much as inflating a label map into it. Small blocks are left alone, and so is everything where the system
/// has none.
void prefer_huge_pages(void* memory, std::size_t bytes) noexcept;

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_HUGE_PAGES_HPP_
