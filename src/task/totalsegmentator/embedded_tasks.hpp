// tasks.json and codes.csv of this folder, which the build puts into the library.
#ifndef MUSCLEMAP_TASK_TOTALSEGMENTATOR_EMBEDDED_TASKS_HPP_
#define MUSCLEMAP_TASK_TOTALSEGMENTATOR_EMBEDDED_TASKS_HPP_

namespace musclemap::task {

const char* embedded_tasks() noexcept;
const char* embedded_codes() noexcept;

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_TOTALSEGMENTATOR_EMBEDDED_TASKS_HPP_
