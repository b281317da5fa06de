# A script: cmake -D OUT=FILE -D TABLES=LIST -P EmbedLabelTables.cmake
# Turns every <region>_<version>.csv of the list into a raw string literal of FILE, which defines io::embedded_labels().
list(SORT TABLES)
set(entries "")
foreach(table IN LISTS TABLES)
  get_filename_component(name ${table} NAME)
  if(NOT name MATCHES "^([a-z]+)_([0-9][0-9.]*)\\.csv$")
    message(FATAL_ERROR "${table}: a name such as thigh_0.0.csv is needed")
  endif()
  set(key "\"${CMAKE_MATCH_1}\", \"${CMAKE_MATCH_2}\"")
  file(READ ${table} text)
  string(APPEND entries "    {${key}, R\"csv(${text})csv\"},\n")
endforeach()
file(
  WRITE ${OUT}
  "// Generated from src/io/label_tables; do not edit.
#include \"io/label_tables/embedded_labels.hpp\"

namespace musclemap::io {

std::vector<EmbeddedLabels> embedded_labels() {
  return {
${entries}  };
}

}  // namespace musclemap::io
")
