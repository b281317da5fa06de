// What is done to the labels that a task has found (image/polish/parts.hpp).
#ifndef MUSCLEMAP_TASK_POLISH_POLISH_HPP_
#define MUSCLEMAP_TASK_POLISH_POLISH_HPP_

#include <cstddef>
#include <vector>

#include "image/polish/parts.hpp"
#include "task/task_spec.hpp"

namespace musclemap::task {

/// Does those of the rules that belong on that grid, in their order. `labels`: of type class_dtype().
void polish_at(image::At at, const std::vector<Polish>& rules, const image::PolishContext& context,
               Volume* labels);

/// Bytes that the rules on that grid hold at most beside labels of that shape.
std::size_t polish_bytes_at(image::At at, const std::vector<Polish>& rules, const Index3& shape);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_POLISH_POLISH_HPP_
