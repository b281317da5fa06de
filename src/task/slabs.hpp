// The slabs that a task's grid is cut into (docs/chains/totalsegmentator.md, section 6).
#ifndef MUSCLEMAP_TASK_SLABS_HPP_
#define MUSCLEMAP_TASK_SLABS_HPP_

#include <cstdint>
#include <vector>

#include "task/task_spec.hpp"

namespace musclemap::task {

/// Slices [begin, end) run by themselves; of them, [keep_begin, keep_end) count.
struct Slab {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::int64_t keep_begin = 0;
  std::int64_t keep_end = 0;
};

/// One, or three of them. Error `argument` where the grid is too thin to be cut and the task asks for it.
std::vector<Slab> slabs_of(const TaskSpec& task, const Index3& shape);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_SLABS_HPP_
