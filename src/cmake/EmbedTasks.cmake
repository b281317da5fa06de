# A script: cmake -D OUT=FILE -D TASKS=FILE -D CODES=FILE -P EmbedTasks.cmake
# Turns the tables of tasks and of codes into raw string literals of FILE, which defines task::embedded_tasks() and
# task::embedded_codes().
file(READ ${TASKS} tasks)
file(READ ${CODES} codes)
file(
  WRITE ${OUT}
  "// Generated from src/task/totalsegmentator; do not edit.
#include \"task/totalsegmentator/embedded_tasks.hpp\"

namespace musclemap::task {

const char* embedded_tasks() noexcept {
  return R\"tasks(${tasks})tasks\";
}

const char* embedded_codes() noexcept {
  return R\"codes(${codes})codes\";
}

}  // namespace musclemap::task
")
