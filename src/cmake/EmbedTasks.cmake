# A script: cmake -D OUT=FILE -D TASKS=FILE -P EmbedTasks.cmake
# Turns the table of tasks into a raw string literal of FILE, which defines task::embedded_tasks().
file(READ ${TASKS} text)
file(
  WRITE ${OUT}
  "// Generated from src/task/totalsegmentator; do not edit.
#include \"task/totalsegmentator/embedded_tasks.hpp\"

namespace musclemap::task {

const char* embedded_tasks() noexcept {
  return R\"tasks(${text})tasks\";
}

}  // namespace musclemap::task
")
