#include "task/slabs.hpp"

#include <algorithm>
#include <string>

#include "musclemap/error.hpp"

namespace musclemap::task {
namespace {

constexpr std::int64_t kOverlap = 20;
constexpr std::int64_t kFewestSlices = 57;  // with fewer the second slab would keep none
constexpr std::int64_t kLargeVoxels = std::int64_t{512} * 512 * 900;
constexpr std::int64_t kLargeSlices = 200;

bool is_cut(const TaskSpec& task, const Index3& shape) {
  if (task.slabs != Slabs::when_large) return task.slabs == Slabs::always;
  return shape[2] > kLargeSlices && shape[0] * shape[1] * shape[2] > kLargeVoxels;
}

}  // namespace

std::vector<Slab> slabs_of(const TaskSpec& task, const Index3& shape) {
  const std::int64_t n = shape[2];
  if (!is_cut(task, shape)) return {{0, n, 0, n}};
  if (n < kFewestSlices) {
    throw Error(ErrorCode::argument, Reason::invalid,
                "the image has " + std::to_string(n) + " slices on the grid of task '" + task.name +
                    "'; cutting it into three slabs (force_split) needs " + std::to_string(kFewestSlices) +
                    " or more");
  }
  const std::int64_t third = n / 3;
  return {{0, third + kOverlap, 0, third},
          {third - kOverlap + 1, std::min(2 * third + kOverlap, n), third, 2 * third},
          {2 * third - kOverlap + 1, n, 2 * third, n}};
}

}  // namespace musclemap::task
