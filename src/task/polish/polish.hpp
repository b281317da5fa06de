// What is done to the labels that a task has found. A rule is a value that says what it is called in a task's
// file (kKind, kWords, fields(), as a step does), where it is done (kAt) and how: polish(). All in its own
// file.
#ifndef MUSCLEMAP_TASK_POLISH_POLISH_HPP_
#define MUSCLEMAP_TASK_POLISH_POLISH_HPP_

#include <vector>

#include "musclemap/volume.hpp"
#include "task/polish/polish_at.hpp"
#include "task/task_spec.hpp"

namespace musclemap::task {

/// Does those of the rules that belong on that grid, in their order. `rough`: what the rough task has found
/// on the image's grid; empty where there is none. `labels`: of type class_dtype().
void polish_at(PolishAt at, const std::vector<Polish>& rules, const Volume& rough, Volume* labels);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_POLISH_POLISH_HPP_
